import type { Services } from '../../service/services.ts';
import type { Tap } from '../../tap/open-tap.ts';
import type { SessionWorker } from '../session-worker.ts';
import { consumedQueues } from './consumed-queues.ts';
import { countConsumers } from './until-consuming.ts';

export interface QuietSight {
  readonly worker: SessionWorker;
  readonly tap: Tap;
  readonly services: Services;
  /** By queue, those it is to have at the least. */
  readonly consumers: ReadonlyMap<string, number>;
}

/** What a worker is still about, in words; undefined where it rests: nothing waits for it, and nothing it began is open. */
export async function whyUnquiet({
  worker,
  tap,
  services,
  consumers,
}: QuietSight): Promise<string | undefined> {
  if (worker.runner.state.kind !== 'ready') return 'it is not ready';
  const sight = tap.look();
  if (!sight) return 'its tap does not answer';
  const now = countConsumers(sight);
  for (const [queue, count] of consumers)
    if ((now.get(queue) ?? 0) < count) return `it does not consume from "${queue}"`;
  for (const { amqp, postgres } of sight.connections) {
    const [taken] = amqp?.unacknowledged ?? [];
    if (taken)
      return `it has not acknowledged ${count(taken.messages)} of "${taken.queue}", delivered ${seconds(taken.oldestMs)} ago`;
    if (postgres && postgres.transaction !== 'idle') return 'a transaction of it is open';
    if (postgres?.isBusy) return 'a statement of it runs';
  }
  for (const { ready, others } of await consumedQueues({ worker, tap, services }))
    if (ready > 0)
      return `${count(ready)} wait on ${[...others.keys()].map(queue => `"${queue}"`).join(', ')}`;
  return undefined;
}

function count(messages: number): string {
  return `${messages} ${messages === 1 ? 'message' : 'messages'}`;
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
}
