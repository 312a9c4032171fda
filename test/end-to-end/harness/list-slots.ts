import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Project } from './project.ts';
import { databaseUrl } from './services.ts';

const run = promisify(execFile);

/** The databases and vhosts that were made for a project, by what is written into them. */
export async function listSlots({ folder }: Pick<Project, 'folder'>): Promise<readonly string[]> {
  const [databases, vhosts] = await Promise.all([listDatabases(folder), listVhosts(folder)]);
  return [...databases, ...vhosts].sort();
}

export async function listDatabases(folder: string): Promise<readonly string[]> {
  return withAdmin(async client => {
    const { rows } = await client.query<{ name: string }>(
      `select datname as name from pg_database
         where datname like 'lw\\_%' and position($1 in shobj_description(oid, 'pg_database')) > 0`,
      [folder],
    );
    return rows.map(({ name }) => `database ${name}`);
  });
}

async function listVhosts(folder: string): Promise<readonly string[]> {
  const { stdout } = await run('rabbitmqctl', [
    ...['--quiet', '--no-table-headers', 'list_vhosts', 'name', 'description'],
  ]);
  return stdout
    .split('\n')
    .filter(line => line.startsWith('lw_') && line.includes(folder))
    .map(line => `vhost ${line.split('\t')[0]}`);
}

/** What a test was to keep. */
export async function dropSlots(slots: readonly string[]): Promise<void> {
  for (const [kind, name = ''] of slots.map(slot => slot.split(' '))) {
    if (!/^lw_\w+$/.test(name)) throw new Error(`"${name}" is no slot`);
    if (kind === 'vhost') await run('rabbitmqctl', ['--quiet', 'delete_vhost', name]);
    else await withAdmin(client => client.query(`drop database ${name} with (force)`));
  }
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
