import type { ServiceUse } from '../../service/service.ts';
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
    const wanted = wantedUses(fresh, leased);
    const turns = wanted.flatMap(({ project, use }) => project.services.turnsOf(use));
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
  return new Set(
    others.flatMap(({ project }) =>
      first && project !== first.project && !project.isOfFile ? [project] : [],
    ),
  );
}

/** What they are to be alone on: but for what other workers of the same file have already. */
function wantedUses(
  fresh: readonly SharedWorker[],
  leased: ReadonlyMap<string, SharedWorker>,
): readonly { readonly project: SharedProject; readonly use: ServiceUse }[] {
  const had = new Set([...leased.values()].flatMap(one => (fresh.includes(one) ? [] : one.turns)));
  return fresh.flatMap(({ project, sharedUses }) =>
    sharedUses
      .filter(use => !project.services.turnsOf(use).some(turn => had.has(turn)))
      .map(use => ({ project, use })),
  );
}

async function launch(
  fresh: readonly SharedWorker[],
  leased: ReadonlyMap<string, SharedWorker>,
): Promise<void> {
  const [first] = fresh;
  if (!first) return;
  const workers = fresh.map(({ worker }) => worker);
  const uses = workers.flatMap(({ prepared }) => prepared?.uses ?? []);
  const wanted = wantedUses(fresh, leased).map(({ use }) => use);
  const { project, launcher } = first;
  await launcher.warmUp();
  await launcher.preflight(uses, workers);
  await project.services.takeTurns(wanted, {
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
