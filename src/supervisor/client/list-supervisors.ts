import { listNames } from '../../files/list-names.ts';
import type { Status } from '../protocol.ts';
import { openSocketFolder } from '../socket/socket-folder.ts';
import { isKeptName, parseSocketName } from '../socket/socket-names.ts';
import { connectByName } from './connect-by-name.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/** A supervisor of this user that lives, whichever run it stands for. */
export interface FoundStatus {
  readonly client: SupervisorClient;
  readonly status: Status;
}

/**
 * Every supervisor of this user and this version, with what it says of itself; the caller ends the connections.
 *
 * @throws SUPERVISOR_UNSAFE
 */
export async function listSupervisors(): Promise<readonly FoundStatus[]> {
  const folder = openSocketFolder();
  const names = listNames(folder).filter(name => isKeptName(name) || isElected(name));
  const found = await Promise.all(names.map(name => ask(folder, name)));
  return found.filter(supervisor => supervisor !== undefined);
}

async function ask(folder: string, name: string): Promise<FoundStatus | undefined> {
  const client = await connectByName(folder, name);
  const status = await client?.ask({ kind: 'status' }).catch(() => undefined);
  if (client && status) return { client, status };
  client?.end();
  return undefined;
}

function isElected(name: string): boolean {
  const parsed = parseSocketName(name);
  return parsed !== undefined && parsed.owner === undefined;
}
