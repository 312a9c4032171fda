import type { FlowEntry } from '../../session/contract.ts';
import { sessionBridge } from '../session-bridge.ts';
import { unpackLater } from '../unpack.ts';

/** What the workers with a tap did since the running test, or hook of all tests, began. */
export interface Flow {
  /** In the order it was seen; of very many the last 10 000 of each worker. */
  readonly entries: readonly FlowEntry[];
  /** How many there were before those. */
  readonly missed: number;
  /** The entries of one kind, such as `'statement'`. */
  of<Kind extends FlowEntry['kind']>(kind: Kind): readonly Extract<FlowEntry, { readonly kind: Kind }>[];
  /** What was done for each message, alike ones counted: without values, times, tags and generated names, as snapshots want it. */
  summary(): string;
}

/**
 * Reads what the workers did so far. What they are still to do is not in it: wait for `settled()` before.
 *
 * @throws TAP_NEEDED
 *
 * @example expect((await flow()).of('statement').length).toBeLessThan(5);
 */
export async function flow(): Promise<Flow> {
  const { entries, missed, text } = await unpackLater(sessionBridge().flow(), flow);
  return {
    entries,
    missed,
    of: kind =>
      entries.filter((entry): entry is Extract<FlowEntry, { kind: typeof kind }> => entry.kind === kind),
    summary: () => text,
  };
}
