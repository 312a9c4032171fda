import { LiveWorkerError } from '../../errors.ts';
import type { QueueAddress } from '../../service/service.ts';
import type { LaunchTap } from '../../tap/launch-tap.ts';
import type { WatchedQueue } from '../../tap/settled/settle-watch.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';

export interface TappedWorker {
  readonly worker: SessionWorker;
  readonly tap: LaunchTap;
}

/** A queue a tapped connection is about, for who asks its broker. */
export function addressOf(
  { worker, tap }: TappedWorker,
  { listener, vhost, queue }: WatchedQueue,
): (QueueAddress & { readonly endpoint: Endpoint }) | undefined {
  const leg = tap.legs.find(({ key }) => key === listener);
  const url = worker.prepared?.plan.env[leg?.variables[0] ?? ''];
  if (!leg || url === undefined || !('host' in leg.address)) return undefined;
  return { url, vhost, queue, endpoint: leg.address };
}

type Endpoint = Extract<LaunchTap['legs'][number]['address'], { readonly host: string }>;

/** The workers of a file that have a tap. @throws TAP_NEEDED where none has */
export function tappedWorkers(
  workers: ReadonlyMap<string, SessionWorker>,
  call: string,
): readonly TappedWorker[] {
  const all = [...workers.values()];
  const tapped = all.flatMap(worker => {
    const tap = worker.prepared?.tap;
    return tap ? [{ worker, tap }] : [];
  });
  if (tapped.length > 0) return tapped;
  const lines = all.length === 0 ? ['This test file has no worker'] : all.map(whyNone);
  throw new LiveWorkerError('TAP_NEEDED', [`${call} needs the tap of a worker`, ...lines].join('\n'), {
    details: { call, workers: all.map(({ spec }) => spec.name) },
  });
}

function whyNone({ spec }: SessionWorker): string {
  const { name, tap } = spec;
  if (spec.attach)
    return `worker "${name}" was started by another process: a tap stands before those that live-worker starts, without attach`;
  if (!tap) return `worker "${name}" has none: set workers.${name}.tap, or tap on top, to true`;
  return `the tap of worker "${name}" sees nothing: none of its variables is the URL of a broker or a database`;
}
