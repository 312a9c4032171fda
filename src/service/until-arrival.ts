import type { LiveWorkerError } from '../errors.ts';
import type { Arrival, Inbox } from './inbox.ts';
import type { Asker } from './service.ts';

const longestTimerMs = 2 ** 31 - 1;

/** How long a test waits for something to come; times of `performance.now()`, milliseconds. */
export interface ArrivalWait {
  /** The number of the last one it has looked at. */
  readonly after: number;
  readonly sinceMs: number;
  /** Undefined: shortly before the test itself runs out of time. */
  readonly untilMs?: number | undefined;
}

interface ArrivalTerms {
  readonly asker: Pick<Asker, 'timeLeftMs' | 'verdict' | 'watch'>;
  /** What a test is told that has waited in vain. */
  explain(waitedMs: number): Promise<LiveWorkerError>;
}

/** Resolves with what has come since, at once where something has. @throws WAIT_TIMEOUT, and what ended the inbox */
export function untilArrival<Item>(
  inbox: Inbox<Item>,
  { after, sinceMs, untilMs }: ArrivalWait,
  { asker, explain }: ArrivalTerms,
): Promise<readonly Arrival<Item>[]> {
  const leftMs = untilMs === undefined ? asker.timeLeftMs() : untilMs - performance.now();
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      stop();
      void explain(performance.now() - sinceMs).then(reject, reject);
    };
    const timer = setTimeout(giveUp, Math.min(Math.max(0, leftMs), longestTimerMs)).unref();
    const watches = [inbox.watch(look), asker.watch(look)];
    function look(): void {
      const came = inbox.after(after);
      const verdict = came.length > 0 ? undefined : (asker.verdict() ?? inbox.ended);
      if (came.length === 0 && !verdict) return;
      stop();
      if (verdict) reject(verdict);
      else resolve(came);
    }
    function stop(): void {
      clearTimeout(timer);
      for (const watch of watches) watch.stop();
    }
    look();
  });
}
