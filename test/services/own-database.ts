import { randomBytes } from 'node:crypto';
import { Client, type DatabaseError } from 'pg';
import { newServerFolder } from '../../src/server/running/server-folder.ts';
import type { GuardedOrder } from './guarded-order.ts';
import { inheritedEnvironment } from './inherited-environment.ts';
import type { ProvidedService } from './service.ts';
import { type Guarded, startGuarded } from './start-guarded.ts';

const insufficientPrivilege = '42501';

/** A database for this run, dropped with it; the server's own where creating one is not allowed. */
export async function ownDatabase(server: ProvidedService): Promise<ProvidedService> {
  const name = `live_worker_test_${randomBytes(6).toString('hex')}`;
  const guarded = startGuarded(dropOrder(server.value, name));
  try {
    await guarded.started;
    await createDatabase(server.value, name);
    return withDatabase(server, name, guarded);
  } catch (error) {
    await guarded.stop();
    if ((error as DatabaseError).code === insufficientPrivilege) {
      return { ...server, how: `${server.how}, used as it is: this login may not create a database` };
    }
    await server.stop();
    throw new Error(`Cannot create database ${name}: ${(error as Error).message}`);
  }
}

function withDatabase(server: ProvidedService, name: string, guarded: Guarded): ProvidedService {
  const url = new URL(server.value);
  url.pathname = `/${name}`;
  return {
    ...server,
    value: url.href,
    how: `${server.how}, created database ${name}`,
    async stop() {
      const dropped = `${(await guarded.stop()) ? 'dropped' : 'could not drop'} database ${name}`;
      return [dropped, await server.stop()].filter(Boolean).join(', ');
    },
  };
}

async function createDatabase(serverUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
}

function dropOrder(serverUrl: string, name: string): GuardedOrder {
  const words = ['-r', require.resolve('esbuild-register'), require.resolve('./drop-database.ts')] as const;
  const environment = { ...inheritedEnvironment(), SERVER_URL: serverUrl, DATABASE_NAME: name };
  return {
    kind: 'plan',
    plan: { folder: newServerFolder(), files: {}, prepare: [], processes: [] },
    closing: [{ name: 'drop-database', command: [process.execPath, ...words], environment }],
  };
}
