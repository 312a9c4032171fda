import { Client } from 'pg';
import { configFile, fixtures } from './harness/config-file.ts';
import { failureOf, quick } from './harness/failure-of.ts';
import { withProject } from './harness/project.ts';
import { databaseUrl } from './harness/services.ts';

jest.setTimeout(90_000);

/** A worker that logs in with pg, under a name of its own, and stays for at most a minute. */
const login = (url: string) => `
  ops: {
    command: ['node', '-e', \`
      setTimeout(() => process.exit(124), 60_000);
      const { Client } = require('pg');
      new Client({ connectionString: ${url}, application_name: 'pgboss' }).connect();
    \`],
    ${quick}
    ready: [postgres({ connection: true })],
  },`;

test('a worker whose client has a name of its own is seen to be logged in', async () => {
  await withProject(
    {
      'jest.config.js': configFile(login('process.env.DATABASE_URL')),
      'a.test.js': `test('runs', () => {});`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  );
});

test('a worker that is logged in to another database does not hang: both are named', async () => {
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  const database = `elsewhere_${process.pid}`;
  await admin.query(`create database ${database}`);
  try {
    const url = Object.assign(new URL(databaseUrl), { pathname: `/${database}` }).href;
    const { text } = await failureOf({ 'jest.config.js': configFile(login(`'${url}'`)) });
    expect(text).toContain(`cause:  it is logged in to database "${database}" as user "`);
    expect(text).not.toContain('it hangs');
  } finally {
    await admin.query(`drop database ${database} with (force)`);
    await admin.end();
  }
});

test("probe and fixtures log in by the worker's libpq variables, never by those of Jest", async () => {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const variables = {
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
  const worker = (env: object) => `
    command: ['node', W + '/ready-then-sleep.mjs'], ready: [postgres()],
    env: { DATABASE_URL: null, PGSSLMODE: null, PGOPTIONS: '-c search_path=of_the_worker', ...${JSON.stringify(env)} },`;
  await withProject(
    {
      'jest.config.js': configFile(`
        alone: { ${worker(variables)} },
        beside: { ${worker({ ...variables, DATABASE_URL: `postgres://${hostname}:${port || 5432}` })} },`),
      'a.test.js': `/** @live-worker alone, beside */ ${fixtures}
        test.each(['alone', 'beside'])('%s', async worker => {
          const { rows } = await postgres({ worker }).query("select current_setting('search_path') as path, current_database() as name");
          expect(rows).toEqual([{ path: 'of_the_worker', name: '${pathname.slice(1)}' }]);
        });`,
    },
    async project => {
      const own = {
        PGHOST: 'nowhere.invalid',
        PGUSER: 'nobody',
        PGOPTIONS: '-c nonsense=1',
        PGSSLMODE: 'strict',
      };
      const { code, output } = await project.run({ env: own });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  );
});

test('what is wrong with a login is looked for in the variable it comes from', async () => {
  const { text } = await failureOf({
    'jest.config.js': configFile(`ops: {
      command: ['node', W + '/ready-then-sleep.mjs'], ready: [postgres()],
      env: { PGUSER: 'nobody_there', DATABASE_URL: '${Object.assign(new URL(databaseUrl), { username: '', password: '' }).href}' },
    },`),
  });
  expect(text).toContain('login of user "nobody_there"');
  expect(text).toContain(
    "its URL comes from DATABASE_URL, set in the worker's env; with PGUSER, set in the worker's env",
  );
  expect(text).toContain(
    'change: correct the user and the password in DATABASE_URL, PGUSER, or create that user',
  );
});
