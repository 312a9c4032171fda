import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { newGuardedFolder } from './guarded-folder.ts';
import type { GuardedPlan, GuardedUser } from './guarded-plan.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { postgresRefusal } from './postgres-refusal.ts';
import { provideGuarded } from './provide-guarded.ts';
import { type ServiceAttempt, unavailable } from './service.ts';
import { userBesideRoot } from './user-beside-root.ts';

export async function privatePostgres(interruption: AbortSignal): Promise<ServiceAttempt> {
  const binaries = await postgresBinaries();
  if (!binaries) return unavailable('no initdb and postgres are installed');
  const [port = 0] = await freePorts(1);
  const password = randomBytes(12).toString('hex');
  return provideGuarded(
    {
      plan: postgresPlan({ binaries, port, password, user: await userBesideRoot() }),
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      refusal: postgresRefusal,
      description: `private Postgres on port ${port}`,
    },
    interruption,
  );
}

interface PrivatePostgres {
  readonly binaries: string;
  readonly port: number;
  readonly password: string;
  readonly user: GuardedUser | undefined;
}

function postgresPlan({ binaries, port, password, user }: PrivatePostgres): GuardedPlan {
  const folder = newGuardedFolder(user);
  const environment = { PATH: process.env.PATH ?? '', HOME: folder, LC_ALL: 'C', TZ: 'UTC' };
  const data = join(folder, 'data');
  const initdb = [
    join(binaries, 'initdb'),
    '-D',
    data,
    ...initdbWords,
    `--pwfile=${join(folder, 'password')}`,
  ];
  const postgres = [join(binaries, 'postgres'), '-D', data, '-p', String(port)];
  const settings = Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    folder,
    files: { password: `${password}\n` },
    ...(user && { user }),
    prepare: [{ name: 'initdb', command: initdb as [string, ...string[]], environment }],
    servers: [
      {
        name: 'postgres',
        command: [...postgres, ...settings] as [string, ...string[]],
        environment,
        stopSignal: 'SIGINT',
        port,
      },
    ],
    closing: [],
  };
}

const initdbWords = ['-U', 'postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];

/** No socket file: its path would have to fit in 107 characters. Nothing needs to outlive a crash. */
const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};
