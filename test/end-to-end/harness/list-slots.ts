import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { databaseUrl } from './services.ts';

/** The databases and vhosts whose names are of a slot. */
export async function listSlots(): Promise<readonly string[]> {
  const [databases, vhosts] = await Promise.all([listDatabases(), listVhosts()]);
  return [...databases, ...vhosts].sort();
}

export async function listDatabases(pattern = 'lw\\_%'): Promise<readonly string[]> {
  return withAdmin(async client => {
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where datname like $1',
      [pattern],
    );
    return rows.map(({ name }) => `database ${name}`);
  });
}

async function listVhosts(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('rabbitmqctl', [
    '--quiet',
    '--no-table-headers',
    'list_vhosts',
  ]);
  return stdout
    .split('\n')
    .filter(name => name.startsWith('lw_'))
    .map(name => `vhost ${name}`);
}

/** In a database that nobody copies. */
export async function withAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const url = Object.assign(new URL(databaseUrl), { pathname: '/postgres' });
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What a test was to keep. */
export async function dropSlot(name: string): Promise<void> {
  if (!/^lw_[0-9a-f]{12}_\d+$/.test(name)) throw new Error(`"${name}" is no slot`);
  await withAdmin(client => client.query(`drop database if exists ${name} with (force)`));
  await promisify(execFile)('rabbitmqctl', ['--quiet', 'delete_vhost', name]).catch(() => {});
}
