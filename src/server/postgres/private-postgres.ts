import { join } from 'node:path';
import { freePorts } from '../finding/free-ports.ts';
import { userBesideRoot } from '../finding/user-beside-root.ts';
import { newServerFolder } from '../running/server-folder.ts';
import { serverPassword } from '../running/server-password.ts';
import type { ServerRequest } from '../server-kind.ts';
import { type PlannedServer, type ServerUser, type UnavailableServer, unavailable } from '../server-plan.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { throwawaySettings } from './throwaway-settings.ts';

const login = 'live_worker';
const startLimitMs = 60_000;
/** Ends every session at once and cleans up the memory the kernel holds for it; what is not on disk yet is nobody's loss. */
const stop = { signal: 'SIGQUIT', graceMs: 3_000 } as const;

/** A cluster of its own from binaries that are installed, or in the project. Postgres refuses to run as root. */
export async function privatePostgres({
  env,
  rootDir,
}: Pick<ServerRequest, 'env' | 'rootDir'>): Promise<PlannedServer | UnavailableServer> {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? await userBesideRoot(env) : undefined;
  if (isRoot && !user)
    return unavailable(
      'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody" to run it as',
    );
  const found = await postgresBinaries(rootDir, env, user);
  if ('why' in found) return unavailable(found.why);
  const [port = 0] = await freePorts(1);
  return plannedPostgres({ binaries: found.folder, port, password: serverPassword(), user, path: env.PATH });
}

interface PrivatePostgres {
  readonly binaries: string;
  readonly port: number;
  readonly password: string;
  readonly user: ServerUser | undefined;
  readonly path: string | undefined;
}

function plannedPostgres({ binaries, port, password, user, path = '' }: PrivatePostgres): PlannedServer {
  const folder = newServerFolder(user);
  const environment = { PATH: path, HOME: folder, LC_ALL: 'C', TZ: 'UTC' };
  const data = join(folder, 'data');
  const initdb = [
    join(binaries, 'initdb'),
    '-D',
    data,
    ...initdbWords,
    `--pwfile=${join(folder, 'password')}`,
  ];
  const postgres = [join(binaries, 'postgres'), '-D', data, '-p', String(port)];
  return {
    plan: {
      folder,
      files: { password: `${password}\n` },
      user,
      prepare: [{ name: 'initdb', command: initdb as [string, ...string[]], environment }],
      processes: [
        {
          name: 'postgres',
          command: [...postgres, ...throwawaySettings, ...localOnly] as [string, ...string[]],
          environment,
          stop,
          port,
        },
      ],
    },
    url: `postgres://${login}:${password}@127.0.0.1:${port}`,
    port,
    places: [],
    source: `binaries in ${binaries}`,
    secrets: [password],
    startLimitMs,
  };
}

const initdbWords = ['-U', login, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
/** No socket file: its path would have to fit in 107 characters. */
const localOnly = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
