import type { Services } from '../../service/services.ts';
import type { Tap } from '../../tap/open-tap.ts';
import type { SessionWorker } from '../session-worker.ts';

/** Queues of one broker that a worker consumes from. */
export interface ConsumedQueues {
  /** As the worker has it, its tap aside. */
  readonly url: string;
  /** By queue, the consumers of others. */
  readonly others: ReadonlyMap<string, number>;
  /** Messages no consumer has. */
  readonly ready: number;
}

/** What a worker consumes from now, as its tap sees it and its broker counts; a broker that does not answer is left out. */
export async function consumedQueues({
  worker,
  tap,
  services,
}: {
  readonly worker: SessionWorker;
  readonly tap: Tap;
  readonly services: Services;
}): Promise<readonly ConsumedQueues[]> {
  const { prepared } = worker;
  const sight = tap.look();
  const found: ConsumedQueues[] = [];
  for (const { key, variables } of prepared?.tap?.legs ?? []) {
    const [url] = variables.flatMap(name => prepared?.plan.env[name] ?? []);
    const brokers = (sight?.connections ?? []).filter(({ listener }) => listener === key);
    const queues = brokers.flatMap(({ amqp }) => amqp?.consumers.map(({ queue }) => queue) ?? []);
    if (!prepared || url === undefined || queues.length === 0) continue;
    const counts = await services.countQueues(url, prepared.plan, queues)?.catch(() => undefined);
    if (!counts) continue;
    const own = brokers
      .filter(({ amqp }) => amqp?.vhost === counts.vhost)
      .flatMap(({ amqp }) => amqp?.consumers ?? []);
    const others = [...counts.queues].map(
      (
        [queue, { consumers }], // Some kinds of queues count none.
      ) => [queue, Math.max(0, consumers - own.filter(one => one.queue === queue).length)] as const,
    );
    const ready = [...counts.queues.values()].reduce((sum, one) => sum + one.ready, 0);
    found.push({ url, others: new Map(others), ready });
  }
  return found;
}
