import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { configFile, fixtures } from './harness/config-file.ts';
import { failureOf, quick } from './harness/failure-of.ts';
import { type Project, type ProjectFiles, withProject } from './harness/project.ts';
import { databaseUrl } from './harness/services.ts';

jest.setTimeout(90_000);

const idle = configFile(
  `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [postgres({ table: TASK_TABLE })] },`,
);

/** What a test printed, by the full names of the tests; `passed` for those that did. */
async function outcomesOf(
  files: ProjectFiles,
  env: Readonly<Record<string, string>> = {},
  beside: (project: Project) => Promise<void> = async () => {},
): Promise<Readonly<Record<string, string>>> {
  let outcomes: Readonly<Record<string, string>> = {};
  await withProject({ 'jest.config.js': idle, ...files }, async project => {
    const [{ output, results }] = await Promise.all([project.run({ args: ['-i'], env }), beside(project)]);
    if (!results) throw new Error(output);
    outcomes = Object.fromEntries(
      results.testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .map(({ fullName, status, failureMessages }) => [fullName, failureMessages[0] ?? status]),
    );
    expect(output).not.toContain('did not exit');
  });
  return outcomes;
}

test('queries that nobody waits for when the file ends keep no Jest alive', async () => {
  expect(
    await outcomesOf({
      'a.test.js': `${fixtures}
        test('one of three is wrong', async () => {
          const db = postgres();
          await Promise.all([db.query('select bad'), db.query('select pg_sleep(0.3)'), db.query('select 2')]).catch(() => {});
        });`,
    }),
  ).toEqual({ 'one of three is wrong': 'passed' });
});

test.each([
  '?ssl=verify-full',
  '?ssl=false',
  '?ssl=%7B%22rejectUnauthorized%22%3Afalse%7D',
  '?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem',
  '?sslcert=/nowhere/a&sslkey=/nowhere/b&sslmode=require',
  '?application_name=%00',
])('a URL with %s takes only its own file with it', async query => {
  await withProject(
    {
      'jest.config.js': idle,
      'a.test.js': `test('needs the worker', () => {});`,
      'b.test.js': `/** @live-worker none */ test('needs none', () => {});`,
    },
    async project => {
      const { output, results } = await project.run({
        args: ['-i'],
        env: { DATABASE_URL: databaseUrl + query },
      });
      expect({ output, passed: results?.numPassedTests }).toEqual({
        output,
        passed: query === '?ssl=false' ? 2 : 1,
      });
      if (query !== '?ssl=false')
        expect(output).toMatch(/LiveWorkerError \[(OPTIONS_INVALID|SERVICE_UNAVAILABLE)\]/);
    },
  );
});

test.each(['require', 'prefer', 'verify-full', '%7B%7D'])(
  'ssl=%s and a server that has TLS are no end of Jest',
  async ssl => {
    const server = createServer(socket => {
      socket
        .on('error', () => {})
        .once('data', () => {
          socket.write('S');
          socket.once('data', () => socket.destroy());
        });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await withProject(
        {
          'jest.config.js': configFile(
            `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ${quick} ready: [postgres()] },`,
          ),
          'a.test.js': `test('needs the worker', () => {});`,
          'b.test.js': `/** @live-worker none */ test('needs none', () => {});`,
        },
        async project => {
          const DATABASE_URL = `postgres://ann@127.0.0.1:${port}/jobs?ssl=${ssl}`;
          const { output, results } = await project.run({ args: ['-i'], env: { DATABASE_URL } });
          expect({ output, passed: results?.numPassedTests }).toEqual({ output, passed: 1 });
          expect(output).toMatch(/LiveWorkerError \[(OPTIONS_INVALID|SERVICE_UNAVAILABLE)\]/);
        },
      );
    } finally {
      server.close();
    }
  },
);

test('a query that takes too long ends before its test, is cancelled, and later ones go on', async () => {
  const outcomes = await outcomesOf({
    'a.test.js': `${fixtures}
      const db = () => postgres();
      test('stuck', () => db().query('select pg_sleep(20), $1::text', ['stuck']), 2000);
      test('goes on', async () => expect((await db().query('select 1 as n')).rows).toEqual([{ n: 1 }]), 2000);
      test('nothing runs any more', async () => {
        const { rows } = await db().query("select pid from pg_stat_activity where state = 'active' and query like 'select pg_sleep(20), $1%'");
        expect(rows).toEqual([]);
      }, 2000);
      test('two at once', async () => {
        const slow = db().query('select pg_sleep(21)').catch(error => error);
        const error = await caught(db().query('select 2'));
        expect(error.message).toMatch(/cause: {2}it waits behind the query of test "two at once" \\(select pg_sleep\\(21\\), for \\d+ ms now\\), which still runs in Postgres \\(PgSleep\\)/);
        expect((await slow).code).toBe('WAIT_TIMEOUT');
      }, 2000);
      test('a forgotten one', () => { db().query('select pg_sleep(22)').catch(error => { forgotten = error; }); });
      let forgotten;
      test('is cancelled for the next', async () => {
        await db().query('select 3');
        expect(forgotten.message).toContain('its test was over, and other queries waited behind it');
      }, 2000);`,
  });
  const { stuck, ...others } = outcomes;
  expect(others).toEqual({
    'goes on': 'passed',
    'nothing runs any more': 'passed',
    'two at once': 'passed',
    'a forgotten one': 'passed',
    'is cancelled for the next': 'passed',
  });
  expect(stuck).toContain('[WAIT_TIMEOUT]: The query has no answer after 17');
  expect(stuck).toContain('cause:  it still runs in Postgres (PgSleep), and no lock is in its way');
  expect(stuck).not.toContain('Exceeded timeout');
});

test('a row behind a lock is told with who holds it', async () => {
  const outcomes = await outcomesOf({
    'a.test.js': `${fixtures}
        const { Client } = require('pg');
        test('behind a lock', async () => {
          const holder = new Client({ connectionString: process.env.DATABASE_URL, application_name: 'the migration' });
          await holder.connect();
          await holder.query('begin');
          await holder.query('lock table ' + TASK_TABLE);
          try { await postgres().waitForRow('select * from ' + TASK_TABLE); }
          finally { await holder.end(); }
        }, 2000);`,
  });
  expect(outcomes['behind a lock']).toMatch(
    /cause: {2}it waits for a lock that is held by pid \d+ \(application_name "the migration", user "\w+", idle in transaction, its transaction began \d\.\d s ago, last query: lock table task_/,
  );
});

test('a server that is frozen is told as that, before the test is over', async () => {
  const sockets: Socket[] = [];
  const real = new URL(databaseUrl);
  let isFrozen = false;
  const proxy = createServer(client => {
    const server = connect(Number(real.port || 5432), real.hostname);
    sockets.push(client, server);
    for (const socket of [client, server]) socket.on('error', () => {});
    if (isFrozen) return;
    client.on('data', chunk => {
      if (chunk.includes('freeze now')) isFrozen = true;
      if (!isFrozen) server.write(chunk);
    });
    server.on('data', chunk => isFrozen || client.write(chunk));
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  try {
    const url = Object.assign(new URL(databaseUrl), {
      host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    });
    const outcomes = await outcomesOf(
      {
        'a.test.js': `${fixtures}
          test('frozen', () => postgres().query("select 'freeze now'"), 2000);
          test('still frozen', () => postgres().waitForRow('select 1'), 2000);`,
      },
      { DATABASE_URL: url.href },
    );
    expect(outcomes.frozen).toContain(
      'and neither has a second connection: the server hangs, is paused, or cannot be reached',
    );
    expect(outcomes['still frozen']).toMatch(/\[WAIT_TIMEOUT\]: The query has no answer after 1[789]\d\d ms/);
    expect(outcomes['still frozen']).toContain('does not answer the login');
  } finally {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
});

test('the first query after the connection was ended connects again, unless a transaction went with it', async () => {
  expect(
    await outcomesOf({
      'a.test.js': `${fixtures}
          const { Client } = require('pg');
          const pidOf = async () => (await postgres().query('select pg_backend_pid() as pid')).rows[0].pid;
          async function end(pid) {
            const other = new Client({ connectionString: process.env.DATABASE_URL });
            await other.connect();
            await other.query('select pg_terminate_backend($1)', [pid]);
            await other.end();
          }
          test('ended by another', async () => {
            const pid = await pidOf();
            await end(pid);
            expect(await pidOf()).not.toBe(pid);
          });
          test('ended by itself', async () => {
            await caught(postgres().query('select pg_terminate_backend(pg_backend_pid())'));
            await pidOf();
          });
          test('in a transaction', async () => {
            await postgres().query('begin');
            await end(await pidOf());
            const error = await caught(postgres().query('select 1'));
            expect(error.message).toContain('the connection was lost in the middle of a transaction, which is undone');
            await pidOf();
          });`,
    }),
  ).toEqual({ 'ended by another': 'passed', 'ended by itself': 'passed', 'in a transaction': 'passed' });
});

test('a name that differs only in case, or stands in another schema, is shown as it has to be written', async () => {
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  const schema = `other_${process.pid}`;
  try {
    await admin.query(`create schema ${schema}`);
    await admin.query(`create table ${schema}."Invoice" (id int)`);
    await admin.query(`create table ${schema}.receipt_of_test (id int)`);
    const outcomes = await outcomesOf(
      {
        'a.test.js': `${fixtures}
          test('case', () => postgres().query('select * from ${schema}.Invoice'));
          test('schema', () => postgres().query('select * from receipt_of_test'));`,
      },
      { DATABASE_URL: `${databaseUrl}?schema=${schema}` },
    );
    expect(outcomes.case).toContain(
      `there is "Invoice" in schema "${schema}", and Postgres folds names without quotes to lower case: write ${schema}."Invoice"`,
    );
    expect(outcomes.schema).toContain(
      `there is "receipt_of_test" in schema "${schema}": write ${schema}.receipt_of_test (search_path is "$user", public, and Postgres does not read the "schema" of the URL)`,
    );
    const { text } = await failureOf(
      {
        'jest.config.js': configFile(
          `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ${quick} ready: [postgres({ table: 'Invoice' })] },`,
        ),
      },
      { env: { DATABASE_URL: `${databaseUrl}?schema=${schema}` } },
    );
    expect(text).toContain(`write ${schema}."Invoice"`);
  } finally {
    await admin.query(`drop schema ${schema} cascade`);
    await admin.end();
  }
});
