import { identifyRun } from '../../records/run-identity.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { openSocketFolder } from '../socket/socket-folder.ts';
import { openSupervisor } from './open-supervisor.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/**
 * The one member connection of this process or thread to the supervisor of its run: opened by the first call, and by the
 * next one after it was lost.
 *
 * @throws SUPERVISOR_UNSAFE, SUPERVISOR_NOT_STARTED
 */
export function joinRun(): Promise<SupervisorClient> {
  if (joined) return joined;
  const joining = join();
  const forget = () => {
    if (joined === joining) joined = undefined;
  };
  joined = joining;
  joining.then(({ closed }) => closed.then(forget), forget);
  return joining;
}

/** The connection there is or is about to be; undefined when there is none. */
export function currentMembership(): Promise<SupervisorClient | undefined> {
  return joined?.catch(() => undefined) ?? Promise.resolve(undefined);
}

/** @throws SUPERVISOR_UNSAFE */
export function placeOfRun(): SupervisorPlace {
  return { folder: openSocketFolder(), run: identifyRun() };
}

let joined: Promise<SupervisorClient> | undefined;

async function join(): Promise<SupervisorClient> {
  const client = await openSupervisor(placeOfRun());
  await client.ask({ kind: 'member', pid: process.pid });
  return client;
}
