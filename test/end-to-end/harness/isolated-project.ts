import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { workersFolder } from './folders.ts';
import { listSlots, withAdmin } from './list-slots.ts';
import { type JestOptions, type Project, type ProjectFiles, withProject } from './project.ts';
import { databaseUrl } from './services.ts';

/** For `configFile`: what `isolate` needs. */
export const reporters = `reporters: ['default', 'jest-environment-live-worker/reporter'],`;

/** A project whose database nobody else has a session in, for it is copied. Afterwards nothing may be left of its slots. */
export async function withIsolatedProject(
  files: ProjectFiles,
  work: (project: Project, baseUrl: string) => Promise<void>,
): Promise<void> {
  await withProject(files, async project => {
    const name = `live_worker_base_${project.id}`;
    const baseUrl = Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href;
    await withAdmin(client => client.query(`create database ${name} template template0`));
    try {
      await makeTable(baseUrl, project.table);
      await work(leadTo(baseUrl, project), baseUrl);
      expect(await listSlots(project)).toEqual([]);
    } finally {
      await withAdmin(client => client.query(`drop database ${name} with (force)`));
    }
  });
}

function leadTo(url: string, project: Project): Project {
  const environment = { ...project.environment, DATABASE_URL: url, PG: require.resolve('pg') };
  const led = ({ env, ...options }: JestOptions = {}) => ({ ...options, env: { ...environment, ...env } });
  return {
    ...project,
    environment,
    start: options => project.start(led(options)),
    run: options => project.run(led(options)),
  };
}

async function makeTable(url: string, table: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const sql = readFileSync(join(workersFolder, 'task-table.sql'), 'utf8');
    await client.query(sql.replaceAll('{{table}}', table));
  } finally {
    await client.end();
  }
}
