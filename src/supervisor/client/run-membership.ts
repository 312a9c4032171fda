import { hasReporter } from '../../records/reporter-mark.ts';
import { identifyRun } from '../../records/run-identity.ts';
import { ourVersion } from '../our-version.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { openSocketFolder } from '../socket/socket-folder.ts';
import { adoptKept } from './adopt-kept.ts';
import { openSupervisor } from './open-supervisor.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/**
 * The one member connection of this process or thread to the supervisor of its run: opened by the first call, and by the
 * next one after it was lost.
 *
 * @param project the real path of its rootDir, for the reporter, which is the first of the run: a supervisor that outlived another run
 * of it takes this one over
 * @throws SUPERVISOR_UNSAFE, SUPERVISOR_NOT_STARTED
 */
export function joinRun(project?: string): Promise<SupervisorClient> {
  const joined = shared[key];
  if (joined) return joined;
  const joining = join(project);
  const forget = () => {
    if (shared[key] === joining) shared[key] = undefined;
  };
  shared[key] = joining;
  joining.then(({ closed }) => closed.then(forget), forget);
  return joining;
}

/** The connection there is or is about to be; undefined when there is none. */
export function currentMembership(): Promise<SupervisorClient | undefined> {
  return shared[key]?.catch(() => undefined) ?? Promise.resolve(undefined);
}

/** @throws SUPERVISOR_UNSAFE */
export function placeOfRun(): SupervisorPlace {
  return { folder: openSocketFolder(), run: identifyRun() };
}

/** Environment and reporter are files of their own, and may be in one process. */
const key = Symbol.for(`jest-environment-live-worker.membership ${ourVersion()}`);
const shared = globalThis as { [key]?: Promise<SupervisorClient> | undefined };

async function join(project: string | undefined): Promise<SupervisorClient> {
  const place = placeOfRun();
  const kept = project === undefined ? undefined : await adoptKept(place, project);
  const client = kept ?? (await openSupervisor(place));
  await client.ask({ kind: 'member', pid: process.pid, hasReporter: hasReporter() });
  return client;
}
