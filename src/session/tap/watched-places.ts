import type { QueueAddress } from '../../service/service.ts';
import type { Services } from '../../service/services.ts';
import type { SettleWatch } from '../../tap/settled/settle-watch.ts';
import { addressOf, type TappedWorker } from './tapped-workers.ts';

/** The queues of workers with a tap: those they consume from, those whose messages go on by themselves, those of their probes. */
export function watchedPlaces(
  watched: readonly (TappedWorker & { readonly watch: SettleWatch })[],
  services: Services,
): readonly QueueAddress[] {
  const all = watched.flatMap(({ watch, ...tapped }) => [
    ...watch.queues().flatMap(queue => addressOf(tapped, queue) ?? []),
    ...services.queuesOf(tapped.worker.prepared?.uses ?? []),
  ]);
  const places = all.map(({ endpoint: { host, port }, ...place }) => {
    return [JSON.stringify([host, port, place.vhost, place.queue]), place] as const;
  });
  return [...new Map(places).values()];
}
