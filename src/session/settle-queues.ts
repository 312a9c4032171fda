import { describeStrangers, explainStrangers } from '../diagnose/explain-strangers.ts';
import { type QueueBaseline, takeBaseline } from '../probe/rabbitmq/take-baseline.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { findStrangers } from './find-strangers.ts';
import { type QueueLedger, queueKey } from './queue-ledger.ts';
import type { ServiceUse } from './service-uses.ts';
import type { Services } from './services.ts';

export interface QueueContext {
  readonly services: Services;
  readonly ledger: QueueLedger;
  readonly timeline: Timeline;
  /** The worker's variables: their secrets must not show in the command lines of others. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Takes the baseline of every queue a worker will consume from, right before it is spawned, and enters in the ledger what
 * to expect of it.
 *
 * @throws STRANGERS_ON_QUEUE when somebody else consumes and the probe does not allow it.
 */
export async function settleQueues(uses: readonly ServiceUse[], context: QueueContext): Promise<void> {
  for (const use of uses) {
    if (use.kind !== 'rabbitmq') continue;
    for (const queue of use.probe.queues) await settleQueue(queue, use, context);
  }
}

async function settleQueue(
  queue: string,
  use: ServiceUse & { readonly kind: 'rabbitmq' },
  context: QueueContext,
): Promise<void> {
  const { url, worker, probe } = use;
  const { services, ledger, timeline } = context;
  const key = queueKey(url, queue);
  const baseline = await takeBaseline(services.broker(url), queue, ledger.oursOn(key, worker));
  timeline.record('queue.baseline', { worker, ...baseline });
  if (baseline.strangers > 0) judgeStrangers(use, baseline, context);
  ledger.noteStrangers(key, baseline.strangers);
  ledger.expect(key, worker, probe.consumers);
}

function judgeStrangers(
  { worker, url, probe }: ServiceUse & { readonly kind: 'rabbitmq' },
  { queue, strangers: count }: QueueBaseline,
  { services, env }: QueueContext,
): void {
  if (probe.strangers === 'ignore') return;
  if (probe.strangers === 'warn') {
    process.stderr.write(`live-worker: ${worker}: ${describeStrangers({ queue, count })}\n`);
    return;
  }
  const candidates = findStrangers(services.broker(url).address, queue, env);
  throw explainStrangers({ worker, queue, count, candidates });
}
