import type { SessionWorker } from '../../worker/session-worker.ts';
import { clearLeftovers } from './leftovers.ts';
import type { SharedProject } from './shared-project.ts';
import type { SharedWorker } from './shared-worker.ts';
import { yieldTurns } from './yield-turns.ts';

/**
 * Starts those of a lease that do not run yet, each after those it waits for; whether it gets ready, its `ready` tells. Resolves
 * when each launch is prepared.
 *
 * @param others of the run, which may stand in their way
 * @param stopping aborted when the run is over
 * @throws the codes of a launch, LEFTOVER_MESSAGES
 */
export async function startTogether(
  fresh: readonly SharedWorker[],
  leased: ReadonlyMap<string, SharedWorker>,
  others: readonly SharedWorker[],
  stopping: AbortSignal,
): Promise<void> {
  try {
    for (const { worker, launcher } of fresh) worker.launchNext(await launcher.prepare(worker));
    const turns = fresh.flatMap(({ turns }) => turns);
    const who = fresh.map(({ spec }) => `worker "${spec.name}"`).join(', ');
    await yieldTurns(turns, others, who, stopping);
    for (const { services } of otherProjects(fresh, others)) await services.releaseTurns(turns);
    await clearLeftovers(fresh, stopping);
  } catch (error) {
    for (const shared of fresh) shared.giveUp(error);
    throw error;
  }
  void launch(fresh, leased).catch(error => {
    for (const shared of fresh) shared.giveUp(error);
  });
}

/** Their dead workers still have their turns. */
function otherProjects(
  [first]: readonly SharedWorker[],
  others: readonly SharedWorker[],
): ReadonlySet<SharedProject> {
  return new Set(others.flatMap(({ project }) => (first && project !== first.project ? [project] : [])));
}

async function launch(
  fresh: readonly SharedWorker[],
  leased: ReadonlyMap<string, SharedWorker>,
): Promise<void> {
  const [first] = fresh;
  if (!first) return;
  const workers = fresh.map(({ worker }) => worker);
  const uses = workers.flatMap(({ prepared }) => prepared?.uses ?? []);
  const shared = fresh.flatMap(({ sharedUses }) => sharedUses);
  const { project, launcher } = first;
  await launcher.warmUp();
  await launcher.preflight(uses, workers);
  await project.services.takeTurns(shared, {
    signal: first.ending,
    isAttached: () => false,
    onWanted: project.onWanted,
  });
  const all = new Map<string, SessionWorker>([...leased].map(([name, { worker }]) => [name, worker]));
  for (const { spec, worker, launcher } of fresh) {
    project.workers.set(spec.name, worker);
    launcher.launchInOrder(new Map([[spec.name, worker]]), all);
  }
  for (const one of fresh) one.follow();
}
