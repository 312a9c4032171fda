import { isLiveWorkerError } from '../../errors.ts';
import { listNames } from '../../files/list-names.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { isKeptName } from '../socket/socket-names.ts';
import { connectByName } from './connect-by-name.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/** The supervisor that outlived another run of this project, as that of this run from now on; undefined where there is none. */
export async function adoptKept(
  place: SupervisorPlace,
  project: string,
): Promise<SupervisorClient | undefined> {
  const { folder, run } = place;
  for (const name of listNames(folder).filter(one => isKeptName(one, project))) {
    const client = await connectByName(folder, name);
    if (!client) continue;
    const answer = await client.ask({ kind: 'adopt', run }).catch(unlessLost);
    if (answer?.kind === 'adopted') return client;
    client.end();
  }
  return undefined;
}

function unlessLost(error: unknown): undefined {
  if (!isLiveWorkerError(error)) throw error;
}
