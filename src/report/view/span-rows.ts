import type { SpanModel } from '../model.ts';
import { describeMs } from '../summary/describe-time.ts';
import type { Row } from './row.ts';

const deepest = 12;
/** What a reader looks for comes before what every span has. */
const telling = /^(?:db\.(?:query\.text|statement)|http\.(?:route|url|target)|url\.full|code\.|exception\.)/;

/** A row for each span, indented below the one it belongs to. @param names of workers by their ids */
export function rowsOfSpans(spans: readonly SpanModel[], names: ReadonlyMap<string, string>): readonly Row[] {
  const parents = new Map(spans.map(({ trace, id, parent }) => [`${trace} ${id}`, parent]));
  return spans.map(span => ({
    atMs: span.fromMs,
    isAbout: false,
    kind: 'span' as const,
    who: names.get(span.worker) ?? '',
    text: `${'  '.repeat(depthOf(span, parents))}${describeSpan(span)}`,
    isBad: span.isBad ?? false,
  }));
}

/** `consumer orders process · 9 ms · db.statement=SELECT 1`, `ERROR: no such order · consumer orders process · 9 ms` */
export function describeSpan({ kind, name, fromMs, toMs, isBad, message, attributes }: SpanModel): string {
  const rank = ([name]: readonly [string, string]) => (telling.test(name) ? 0 : 1);
  const sorted = [...attributes].sort((one, other) => rank(one) - rank(other));
  const why = message === undefined ? [] : [message];
  return [
    // A row may be cut where its list is narrow.
    ...(isBad ? [['ERROR', ...why].join(': ')] : []),
    `${kind === undefined || kind === 'internal' ? 'span' : kind} ${name}`,
    describeMs(toMs - fromMs),
    ...(isBad ? [] : why),
    ...sorted.map(([name, value]) => `${name}=${value}`),
  ].join(' · ');
}

function depthOf({ trace, parent }: SpanModel, parents: ReadonlyMap<string, string | undefined>): number {
  let depth = 0;
  for (let above = parent; above !== undefined && depth < deepest; depth += 1) {
    const key = `${trace} ${above}`;
    if (!parents.has(key)) break;
    above = parents.get(key);
  }
  return depth;
}
