import { join } from 'node:path';
import { connectTo } from '../socket/connect-to.ts';
import { greet } from './find-supervisor.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/** Undefined where the supervisor behind this name is gone, about to end, or of another version. */
export async function connectByName(folder: string, name: string): Promise<SupervisorClient | undefined> {
  const socket = await connectTo(join(folder, name));
  if (typeof socket !== 'object') return undefined;
  const met = await greet(socket, folder, name);
  return typeof met === 'object' && met.kind === 'found' ? met.client : undefined;
}
