import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guarded } from './start-guarded.ts';

/** Logs in at a URL; undefined when that worked, else what was answered. */
export type Refusal = (url: string) => Promise<string | undefined>;

const deadlineMs = 120_000;
const intervalMs = 50;

export async function untilAnswers(
  url: string,
  refusal: Refusal,
  guarded: Guarded,
  interruption: AbortSignal,
): Promise<void> {
  const failure = Promise.race([guarded.failure, once(interruption, 'abort').then(() => 'interrupted')]);
  throwReason(await Promise.race([guarded.started.then(() => undefined), failure]));
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await refusal(url);
    if (answer === undefined) return;
    throwReason(await Promise.race([sleep(intervalMs, undefined), failure]));
    if (Date.now() > deadline) throw new Error(`it still answered "${answer}" after ${deadlineMs / 1000} s`);
  }
}

function throwReason(reason: string | undefined): void {
  if (reason !== undefined) throw new Error(reason);
}
