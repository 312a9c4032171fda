import { argumentInvalid } from '../errors.ts';
import type { Arrival, ArrivalWait, Packed, SessionBridge, WaitOptions } from '../session/contract.ts';
import { framesAbove, unpackFramed, withFrames } from './unpack.ts';

/** Hears what comes from the moment it was begun, in the order it comes. */
export interface Listener<Item> {
  /**
   * Resolves with the first that has come, or comes, and matches; those before it stay for the next call.
   *
   * @throws WAIT_TIMEOUT with what came instead
   */
  next(match?: Match<Item>, options?: WaitOptions): Promise<Item>;
  /** Those that have come and `next()` has not given out. */
  arrived(): Promise<readonly Item[]>;
  /** Ends it before its test, or its file, does. */
  stop(): Promise<void>;
}

/** True for what is waited for. */
export type Match<Item> = (item: Item) => boolean | Promise<boolean>;

/** What a listener asks of the environment, about itself. */
export interface ListenerCalls<Raw> {
  arrivals(wait: ArrivalWait): Promise<Packed<readonly Arrival<Raw>[]>>;
  arrived(): Promise<Packed<readonly Arrival<Raw>[]>>;
  take(number: number): Promise<Packed<boolean>>;
  stop(): Promise<Packed<unknown>>;
}

/** When a wait began and when it ends, by the clock of the bridge; milliseconds. */
export type WaitTime = Pick<ArrivalWait, 'sinceMs' | 'untilMs'>;

export function createListener<Raw, Item>(
  bridge: SessionBridge,
  calls: ListenerCalls<Raw>,
  decode: (raw: Raw) => Item,
): Listener<Item> {
  const listener: Listener<Item> = {
    async next(match, options) {
      const frames = framesAbove(listener.next);
      const time = parseWait(bridge, { call: 'next()', match, options, frames });
      return nextMatching(calls, decode, { match, time, frames });
    },
    async arrived() {
      const arrivals = await unpackFramed(calls.arrived(), framesAbove(listener.arrived));
      return arrivals.map(({ item }) => decode(item));
    },
    async stop() {
      await unpackFramed(calls.stop(), framesAbove(listener.stop));
    },
  };
  return listener;
}

interface NextTerms<Item> {
  readonly match: Match<Item> | undefined;
  readonly time: WaitTime;
  readonly frames: string;
}

export async function nextMatching<Raw, Item>(
  calls: ListenerCalls<Raw>,
  decode: (raw: Raw) => Item,
  { match = () => true, time, frames }: NextTerms<Item>,
): Promise<Item> {
  for (let after = 0; ; ) {
    for (const { number, item } of await unpackFramed(calls.arrivals({ ...time, after }), frames)) {
      after = number;
      const decoded = decode(item);
      if ((await match(decoded)) && (await unpackFramed(calls.take(number), frames))) return decoded;
    }
  }
}

/** @throws ARGUMENT_INVALID */
export function parseWait(
  bridge: SessionBridge,
  {
    call,
    match,
    options = {},
    frames,
  }: { readonly call: string; readonly match?: unknown; readonly options?: unknown; readonly frames: string },
): WaitTime {
  const refuse = (argument: string, given: unknown, wanted: string) => {
    throw withFrames(argumentInvalid(`${call}: ${argument}`, given, wanted), frames);
  };
  if (match !== undefined && typeof match !== 'function')
    refuse('match', match, 'a function that answers true for what is waited for');
  if (typeof options !== 'object' || options === null) refuse('options', options, '{ timeoutMs }');
  const { timeoutMs } = options as WaitOptions;
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0))
    refuse('timeoutMs', timeoutMs, 'milliseconds from 0 on');
  const sinceMs = bridge.now();
  return { sinceMs, untilMs: timeoutMs === undefined ? undefined : sinceMs + timeoutMs };
}
