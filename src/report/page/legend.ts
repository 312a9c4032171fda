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

/** Every colour with its pattern, and the word for it. */
export function buildLegend(): HTMLElement {
  const items = entries.map(([kind, label]) =>
    element('li', {}, [element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), new Text(label)]),
  );
  return element('ul', { class: 'legend', 'aria-label': 'Legend' }, items);
}
