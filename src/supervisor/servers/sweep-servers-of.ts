import { listNames } from '../../files/list-names.ts';
import { isServerRecord } from './server-record-name.ts';

/** Undoes what killed supervisors left of servers; most often there is nothing, and then nothing is loaded. */
export async function sweepServersOf(socketFolder: string): Promise<void> {
  if (!listNames(socketFolder).some(isServerRecord)) return;
  const { sweepServers } = await import('./sweep-servers.ts');
  await sweepServers(socketFolder);
}
