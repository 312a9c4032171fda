import type { Lane } from '../view/lay-lanes.ts';
import { element } from './element.ts';

const entries: readonly (readonly [kind: string, label: string])[] = [
  ['passed', 'test passed'],
  ['failed', '✕ test or worker failed'],
  ['skipped', 'skipped'],
  ['file', 'test file'],
  ['starting', 'starting, waited for'],
  ['ready', 'worker ready'],
  ['stopping', 'stopping'],
  ['event', 'event'],
  ['bad-event', '▼ bad event'],
];

const ofSpans: typeof entries = [
  ['span', 'span'],
  ['bad-span', '✕ ▼ span with an error'],
];

/** Every colour with its pattern, and the word for it. */
export function buildLegend(lanes: readonly Lane[]): HTMLElement {
  const hasSpans = lanes.some(({ kind }) => kind === 'spans');
  const items = [...entries, ...(hasSpans ? ofSpans : [])].map(([kind, label]) =>
    element('li', {}, [element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), new Text(label)]),
  );
  return element('ul', { class: 'legend', 'aria-label': 'Legend' }, items);
}
