import type { WorkerSpec } from '../../options/options.ts';
import type { LaunchDifference } from '../../worker/runner/worker-lease.ts';
import type { HeldLaunch } from '../process/holdings.ts';
import type { LeaseOrder } from '../protocol.ts';
import { ownControl } from './own-control.ts';
import type { SharedWorker } from './shared-worker.ts';

/** What a test file is told of a worker it leases. */
export function toHeldLaunch(
  shared: SharedWorker,
  { workers, folder }: LeaseOrder,
  differs: LaunchDifference | undefined,
): HeldLaunch {
  const { spec, worker, ready } = shared;
  const { prepared, view } = worker;
  if (!prepared) throw new TypeError(`Worker "${spec.name}" was leased before it was prepared`);
  const isEchoed = workers.some(({ name, echo }) => name === spec.name && echo);
  const tapLegs = prepared.tap ? { tapLegs: prepared.tap.legs } : {};
  const logPaths = { stdout: view.files.stdout.path, stderr: view.files.stderr.path };
  return {
    launch: {
      name: spec.name,
      plan: prepared.plan,
      logPaths,
      isOwn: shared.isOwn,
      isApart: shared.folder !== folder,
      ...tapLegs,
      ...(differs ? { differs } : {}),
    },
    ...(shared.isOwn ? { control: ownControl(shared) } : {}),
    ready,
    whyNotReady: () => shared.whyNotReady(),
    readTap: async after => (await prepared.tap?.read(after)) ?? null,
    onExit: listener => shared.onExit(listener),
    onLost: listener => shared.project.onLost(listener),
    ...(isEchoed ? { echoTo: terminal => shared.echoTo(terminal) } : {}),
  };
}

/** Each test file asks them itself: they run in Jest. */
export function withoutModuleProbes(spec: WorkerSpec): WorkerSpec {
  return { ...spec, ready: spec.ready.filter(({ kind }) => kind !== 'module') };
}
