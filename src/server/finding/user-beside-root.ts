import { runCommand } from '../../process/run-command.ts';
import type { ServerUser } from '../server-plan.ts';
import type { Environment } from './find-program.ts';

const candidates = ['postgres', 'nobody'];
const limitMs = 5_000;

/** A user of this machine that is not root, for a server that refuses to run as root; undefined where there is none. */
export async function userBesideRoot(env: Environment): Promise<ServerUser | undefined> {
  for (const name of candidates) {
    const uid = await askId('-u', name, env);
    const gid = await askId('-g', name, env);
    if (uid && gid) return { name, uid, gid };
  }
  return undefined;
}

async function askId(
  what: '-u' | '-g',
  name: string,
  { PATH = '' }: Environment,
): Promise<number | undefined> {
  const { code, output } = await runCommand(['id', what, name], {
    cwd: '/',
    env: { PATH },
    timeoutMs: limitMs,
    signal: new AbortController().signal,
  });
  return code === 0 ? Number(output) : undefined;
}
