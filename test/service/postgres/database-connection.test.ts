import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Client } from 'pg';
import { DatabaseConnection } from '../../../src/service/postgres/database-connection.ts';
import { postgresUrl, uniqueName } from '../services.ts';

const other = new Client({ connectionString: postgresUrl });
beforeAll(() => other.connect());
afterAll(() => other.end());

async function sessionsOf(name: string): Promise<readonly { readonly state: string }[]> {
  return (await other.query('select state from pg_stat_activity where application_name = $1', [name])).rows;
}

async function untilActive(name: string): Promise<void> {
  while (!(await sessionsOf(name)).some(({ state }) => state === 'active'));
}

test('close() rejects what runs, what waits and what comes later, and nothing connects again', async () => {
  const name = uniqueName();
  const connection = new DatabaseConnection(postgresUrl, name);
  const answers = [
    connection.query('select pg_sleep(20)'),
    connection.query('select 2'),
    connection.query('select 3'),
  ];
  const settled = Promise.allSettled(answers);
  await untilActive(name);
  await connection.close();
  const reason = new Error('the connection is closed, because the test file is over');
  expect(await settled).toEqual(answers.map(() => ({ status: 'rejected', reason })));
  await expect(connection.query('select 4')).rejects.toEqual(reason);
  while ((await sessionsOf(name)).length > 0);
});

test('close() ends a connection that is still being opened', async () => {
  const server = createServer(() => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new DatabaseConnection(`postgres://ann@127.0.0.1:${port}/jobs`, 'x');
  const failed = expect(connection.query('select 1')).rejects.toThrow('the connection is closed');
  await once(server, 'connection');
  const startedAt = performance.now();
  await connection.close();
  await failed;
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  server.close();
});

test('a query whose signal aborts is cancelled on the server, and the connection goes on', async () => {
  const name = uniqueName();
  const connection = new DatabaseConnection(postgresUrl, name);
  const over = new AbortController();
  const pid = (await connection.query('select pg_backend_pid() as pid')).rows[0];
  const stuck = expect(connection.query('select pg_sleep(20)', [], { signal: over.signal })).rejects.toThrow(
    'enough',
  );
  const given = expect(connection.query('select 1', [], { signal: over.signal })).rejects.toThrow('enough');
  const next = connection.query('select pg_backend_pid() as pid');
  await untilActive(name);
  over.abort(new Error('enough'));
  await Promise.all([stuck, given]);
  expect((await next).rows[0]).toEqual(pid);
  await connection.close();
});

/** What a server sends when it wants a way to log in that pg does not know, or none at all. */
const strange: readonly (readonly [string, Buffer])[] = [
  ['a login by GSSAPI', message('R', [0, 0, 0, 7])],
  ['a login by an unknown way', message('R', [0, 0, 0, 99])],
  ['a message that is cut short', message('K', [1])],
  ['rows nobody asked for', message('D', [0, 1, 0, 0, 0, 1, 65])],
  ['SCRAM that makes no sense', Buffer.concat([message('R', [0, 0, 0, 10, 88, 0, 0])])],
  ['nothing but zeros', Buffer.alloc(64)],
  ['a wrong length', Buffer.from([82, 0, 0, 0, 0, 0, 0, 0, 0])],
];

function message(type: string, content: readonly number[]): Buffer {
  const head = Buffer.from(`${type}0000`);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, Buffer.from(content)]);
}

test.each(strange)('%s is an error of the query, not of the process', async (_, bytes) => {
  const server = createServer(socket => {
    socket.on('error', () => {}).once('data', () => socket.end(bytes));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new DatabaseConnection(`postgres://ann:sesame@127.0.0.1:${port}/jobs`, 'x');
  await expect(connection.query('select 1')).rejects.toThrow();
  await connection.close();
  server.close();
});
