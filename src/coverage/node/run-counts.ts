import type { NodeScript } from './node-scripts.ts';
import type { V8Function, V8Range } from './v8-dump.ts';

interface KnownFunction {
  readonly start: number;
  readonly end: number;
  /** Those of each fresh dump in which it ran, or a function around it did. */
  readonly runs: (readonly V8Range[])[];
}

/**
 * How often each place of a script ran. A dump leaves out the functions that did not run since the one before, and what they hold did not run
 * then either: so a place is looked up in the function around it as all dumps together know it, and then in the dumps that have that one.
 */
export class RunCounts {
  readonly #functions: readonly KnownFunction[];
  readonly #whole: KnownFunction | undefined;

  constructor({ fresh, counted }: Pick<NodeScript, 'fresh' | 'counted'>) {
    const functions = new Map<string, KnownFunction>();
    for (const dump of counted) for (const one of dump) know(functions, one);
    for (const dump of fresh) for (const one of dump) know(functions, one)?.runs.push(one.ranges);
    // The smallest first: of those around a place that is the innermost.
    this.#functions = [...functions.values()].sort(
      (one, other) => one.end - one.start - (other.end - other.start),
    );
    this.#whole = this.#functions.at(-1);
  }

  /** Of the statement, or the way of a branch, that begins there. A function that begins there is a value of it. */
  at(offset: number): number {
    const around = this.#functions.find(one => this.#holds(one, offset, offset));
    return sum(around?.runs ?? [], ranges => innermost(ranges, offset)?.count ?? 0);
  }

  /** Calls of the function with that body. */
  calls(bodyStart: number, bodyEnd: number): number {
    const called = this.#functions.find(one => this.#holds(one, bodyStart, bodyEnd - 1));
    return sum(called?.runs ?? [], ([range]) => range?.count ?? 0);
  }

  #holds(one: KnownFunction, start: number, last: number): boolean {
    return (one.start < start || one === this.#whole) && last < one.end;
  }
}

function know(functions: Map<string, KnownFunction>, { ranges }: V8Function): KnownFunction | undefined {
  const [range] = ranges;
  if (!range) return undefined;
  const { startOffset: start, endOffset: end } = range;
  const key = `${start} ${end}`;
  const known = functions.get(key) ?? { start, end, runs: [] };
  functions.set(key, known);
  return known;
}

function innermost(ranges: readonly V8Range[], offset: number): V8Range | undefined {
  return ranges
    .filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)
    .reduce<V8Range | undefined>(
      (found, one) => (found && sizeOf(found) <= sizeOf(one) ? found : one),
      undefined,
    );
}

function sizeOf({ startOffset, endOffset }: V8Range): number {
  return endOffset - startOffset;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
