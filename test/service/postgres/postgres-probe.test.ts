import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Client } from 'pg';
import type { ProbeSpecOf } from '../../../src/options/probe-options.ts';
import type { OpenedSocket } from '../../../src/probe/probe-context.ts';
import { DatabaseConnection } from '../../../src/service/postgres/database-connection.ts';
import { socketOf } from '../../../src/service/postgres/open-client.ts';
import { postgresProbe } from '../../../src/service/postgres/postgres-probe.ts';
import { postgresUrl, uniqueName } from '../services.ts';

const connection = new DatabaseConnection(postgresUrl, 'postgres-probe.test');
const other = new Client({ connectionString: postgresUrl });
const table = uniqueName();
const { signal } = new AbortController();
const { database } = connection.address;

beforeAll(() => other.connect());
afterAll(async () => {
  await other.query(`drop table if exists ${table}`);
  await Promise.all([other.end(), connection.close()]);
});

function probing(
  spec: Partial<ProbeSpecOf<'postgres'>>,
  applicationName = 'nobody',
  sockets: () => readonly OpenedSocket[] | undefined = () => undefined,
) {
  return postgresProbe({ kind: 'postgres', connection: false, ...spec }, connection, {
    applicationName,
    sockets,
  });
}

test('postgresProbe() that asks for nothing wants a login', async () => {
  const probe = probing({});
  expect(await probe.check(signal)).toEqual({ kind: 'ready' });
  expect(probe.description).toMatch(/^Postgres database ".+" at .+ answers$/);
});

test('postgresProbe() waits for a table, then for a row of a query', async () => {
  const wanted = probing({ table, query: `select 1 from ${table} where id = 7` });
  const answers = [await wanted.check(signal)];
  await other.query(`create table ${table} (id int)`);
  answers.push(await wanted.check(signal));
  await other.query(`insert into ${table} values (7)`);
  answers.push(await wanted.check(signal));
  expect(answers).toEqual([
    {
      kind: 'pending',
      why: `relation "${table}" does not exist in database "${database}"`,
      isHopelessAlone: true,
    },
    { kind: 'pending', why: `the query answers no row: select 1 from ${table} where id = 7` },
    { kind: 'ready' },
  ]);
  expect(wanted.description).toContain(`has table "${table}" and answers the query`);
});

test('postgresProbe() knows a table by its schema too', async () => {
  expect(await probing({ table: 'pg_catalog.pg_class' }).check(signal)).toEqual({ kind: 'ready' });
  expect(await probing({ table: 'no_such_schema.pg_class' }).check(signal)).toMatchObject({
    kind: 'pending',
  });
});

test.each([
  ['select * from no_such_table_here', 'pending', '(42P01)'],
  ['select no_such_column from pg_class', 'pending', '(42703)'],
  ['selekt 1', 'fatal', 'the query is wrong: syntax error at or near "selekt" (42601)'],
  ['select no_such_function()', 'fatal', '(42883)'],
  ['select 1/0', 'fatal', '(22012)'],
])('postgresProbe() judges the query "%s"', async (query, kind, why) => {
  expect(await probing({ query }).check(signal)).toMatchObject({ kind, why: expect.stringContaining(why) });
});

test('postgresProbe() waits for a session of the worker', async () => {
  const name = uniqueName();
  const probe = probing({ connection: true }, name);
  const why = `the worker has no session in database "${database}" (application_name "${name}")`;
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why });
  const worker = new Client({ connectionString: postgresUrl, application_name: name });
  await worker.connect();
  expect(await probe.check(signal)).toEqual({ kind: 'ready' });
  await worker.end();
});

/** What is seen of a worker whose client chose a name of its own, as pg-boss does. */
function socketsOf(worker: Client): readonly OpenedSocket[] {
  const { host, port } = connection.address;
  return [{ localPort: socketOf(worker).localPort ?? 0, peer: { host, port } }];
}

test('postgresProbe() knows the session of the worker by its sockets, whatever it is called', async () => {
  const worker = new Client({ connectionString: postgresUrl, application_name: 'pgboss' });
  await worker.connect();
  const sockets = () => socketsOf(worker);
  expect(await probing({ connection: true }, 'other', sockets).check(signal)).toEqual({ kind: 'ready' });
  const { port } = connection.address;
  const stranger = () => [{ localPort: 1, peer: { host: 'x', port } }];
  expect(await probing({ connection: true }, 'other', stranger).check(signal)).toMatchObject({
    why: expect.stringContaining('but no session there can be told to be its own: is a pooler between?'),
  });
  const none = await probing({ connection: true }, 'other', () => []).check(signal);
  expect(none).toMatchObject({ why: expect.stringMatching(/\), and no connection to \S+:\d+$/) });
  await worker.end();
});

test('postgresProbe() names the database the worker is logged in to instead', async () => {
  const elsewhere = uniqueName();
  await other.query(`create database ${elsewhere}`);
  const url = Object.assign(new URL(postgresUrl), { pathname: `/${elsewhere}` }).href;
  const worker = new Client({ connectionString: url, application_name: 'pgboss' });
  await worker.connect();
  const { user } = connection.address;
  const why = `the worker is logged in to database "${elsewhere}" as user "${user}", and the probe asks for database "${database}"`;
  const bySocket = probing({ connection: true }, 'other', () => socketsOf(worker));
  const byName = probing({ connection: true }, 'pgboss');
  expect(await bySocket.check(signal)).toEqual({ kind: 'pending', why });
  expect(await byName.check(signal)).toMatchObject({
    kind: 'pending',
    why: expect.stringContaining('logged in to'),
  });
  await worker.end();
  await other.query(`drop database ${elsewhere}`);
});

test('postgresProbe() knows a worker behind a proxy by a connection and a session that came with it', async () => {
  const { hostname, port } = new URL(postgresUrl);
  const proxy = createServer(client => {
    const server = connect(Number(port || 5432), hostname);
    for (const socket of [client, server]) socket.on('error', () => {});
    client.pipe(server).pipe(client);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const before = Object.assign(new URL(postgresUrl), {
    host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });
  const proxied = new DatabaseConnection(before.href, 'live-worker tests of x');
  const worker = new Client({ connectionString: before.href, application_name: 'pgboss' });
  const sockets = () => [{ localPort: 1, peer: proxied.address }];
  const spec = { kind: 'postgres', connection: true } as const;
  const probe = postgresProbe(spec, proxied, { applicationName: 'other', sockets: () => [] });
  expect(await probe.check(signal)).toMatchObject({ kind: 'pending' });
  await worker.connect();
  expect(await probe.check(signal)).toMatchObject({ kind: 'pending' });
  expect(await postgresProbe(spec, proxied, { applicationName: 'other', sockets }).check(signal)).toEqual({
    kind: 'ready',
  });
  await Promise.all([worker.end(), proxied.close()]);
  proxy.close();
});

test('a DatabaseConnection answers in the order it was asked, also after a wrong query', async () => {
  const answers = await Promise.allSettled([
    connection.query('select pg_sleep(0.05), 1 as n'),
    connection.query('selekt'),
    connection.query('select $1::int as n', [2]),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(answers[2]).toMatchObject({ value: { rows: [{ n: 2 }], rowCount: 1 } });
});

test('a DatabaseConnection connects again when it was cut', async () => {
  const pidOf = async () =>
    (await connection.query('select pg_backend_pid() as pid')).rows[0] as { pid: number };
  const { pid } = await pidOf();
  await other.query('select pg_terminate_backend($1, 5000)', [pid]);
  const probe = probing({});
  while ((await probe.check(signal)).kind !== 'ready');
  expect((await pidOf()).pid).not.toBe(pid);
});

test('a DatabaseConnection shows the server its name, and is gone when it was closed', async () => {
  const name = uniqueName();
  const count = async () =>
    (await other.query('select 1 from pg_stat_activity where application_name = $1', [name])).rowCount;
  const named = new DatabaseConnection(postgresUrl, name);
  await named.query('select 1');
  expect(await count()).toBe(1);
  await named.close();
  while ((await count()) !== 0);
});
