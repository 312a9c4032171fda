import { setTimeout as sleep } from 'node:timers/promises';
import { LiveWorkerError } from '../../errors.ts';
import { ownProgram } from '../../files/package-folder.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { type FindOptions, findSupervisor } from './find-supervisor.ts';
import { startSupervisor } from './start-supervisor.ts';
import type { SupervisorClient } from './supervisor-client.ts';

export interface OpenOptions extends FindOptions {
  /** The program of a supervisor, instead of the built one. */
  readonly program?: string;
}

/** Far more than a run has supervisors that die or end while one of its processes looks for them. */
const mostRounds = 50;
const pauseMs = 5;

/**
 * Connects to the supervisor of the run; where there is none, starts one. Another process that does the same at that moment gets
 * the same one.
 *
 * @throws SUPERVISOR_NOT_STARTED
 */
export async function openSupervisor(
  place: SupervisorPlace,
  { program = ownProgram('supervisor/process/main.js'), ...options }: OpenOptions = {},
): Promise<SupervisorClient> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await findSupervisor(place, options);
    if (found.kind === 'found') return found.client;
    if (found.kind === 'none') await startSupervisor(place, found.next, program);
    else await sleep(pauseMs);
  }
  const why = `${mostRounds} times it ended before it answered`;
  throw new LiveWorkerError('SUPERVISOR_NOT_STARTED', `Cannot reach the supervisor of this run: ${why}`, {
    details: { why },
  });
}
