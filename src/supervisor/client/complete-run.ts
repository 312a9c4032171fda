import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../process/table/process-identity.ts';
import { unpackError } from '../reported-error.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { sweepSockets } from '../socket/sweep-sockets.ts';
import { findSupervisor } from './find-supervisor.ts';
import { currentMembership, placeOfRun } from './run-membership.ts';
import type { SupervisorClient } from './supervisor-client.ts';

const pollMs = 2;
const endLimitMs = 2_000;
const mostRounds = 50;

/**
 * Ends the supervisor of the run where there is one, and returns when its process is gone, or has let go of the run with what it
 * keeps for the next one; with what went wrong.
 *
 * @throws SUPERVISOR_LOST when it died of it.
 */
export async function completeRun(): Promise<readonly Error[]> {
  const place = placeOfRun();
  const member = await currentMembership();
  const client = member?.isOpen ? member : await findLiving(place);
  try {
    return client ? await endSupervisor(client) : [];
  } finally {
    await sweepSockets(place, { isRunOver: true });
  }
}

/** One that took over after this process lost its own. */
async function findLiving(place: SupervisorPlace): Promise<SupervisorClient | undefined> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await findSupervisor(place);
    if (found.kind === 'found') return found.client;
    if (found.kind === 'none') return undefined;
    await sleep(pollMs);
  }
  return undefined;
}

async function endSupervisor(client: SupervisorClient): Promise<readonly Error[]> {
  const { problems, isKept } = await client.ask({ kind: 'runComplete' });
  await client.untilClosed();
  if (isKept) return problems.map(unpackError);
  const { supervisor } = client;
  const deadline = performance.now() + endLimitMs;
  while (supervisor && isAlive(supervisor) && performance.now() < deadline) await sleep(pollMs);
  return problems.map(unpackError);
}
