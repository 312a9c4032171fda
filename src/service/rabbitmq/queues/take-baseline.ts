import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerConnection } from '../broker-connection.ts';

const settleMs = 1_000;
const intervalMs = 20;

/** What stood on a queue before the worker was spawned. */
export interface QueueBaseline {
  readonly queue: string;
  /** Consumers beyond those that are known to be ours. */
  readonly strangers: number;
  readonly messages: number;
  /** There was no such queue. */
  readonly isMissing?: true;
}

/**
 * Counts what is on a queue. Consumers have to be seen for a second before they count as strangers: a broker needs a
 * moment to notice that the last worker is gone.
 */
export async function takeBaseline(
  connection: BrokerConnection,
  queue: string,
  ours: number,
): Promise<QueueBaseline> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const answer = await connection.checkQueue(queue);
    if (answer.kind === 'missing') return { queue, strangers: 0, messages: 0, isMissing: true };
    if (answer.kind === 'locked') return { queue, strangers: 0, messages: 0 };
    const strangers = Math.max(0, answer.consumers - ours);
    if (strangers === 0 || performance.now() > deadline)
      return { queue, strangers, messages: answer.messages };
    await sleep(intervalMs);
  }
}
