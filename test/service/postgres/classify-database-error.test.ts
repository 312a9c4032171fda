import type { ProbeAnswer } from '../../../src/probe/probe.ts';
import { classifyDatabaseError } from '../../../src/service/postgres/classify-database-error.ts';
import { DatabaseConnection } from '../../../src/service/postgres/database-connection.ts';
import { databaseAnswersProbe } from '../../../src/service/postgres/postgres-probe.ts';
import { closeOddServers, oddServers } from '../odd-servers.ts';
import { postgresUrl, rabbitmqUrl, uniqueName } from '../services.ts';

afterEach(closeOddServers);

/** What is made of the error a connection to that URL really gives. */
async function judge(url: string): Promise<ProbeAnswer> {
  const connection = new DatabaseConnection(url, 'classify-database-error.test');
  try {
    return await databaseAnswersProbe(connection).check(new AbortController().signal);
  } finally {
    await connection.close();
  }
}

function changed(change: Partial<URL>): string {
  return Object.assign(new URL(postgresUrl), change).href;
}

const at = (address: string) => `postgres://ann:sesame@${address}/jobs`;
const { host: postgres } = new URL(postgresUrl);

test('classifyDatabaseError() has nothing to say about a database that answers', async () => {
  expect(await judge(postgresUrl)).toEqual({ kind: 'ready' });
});

test('classifyDatabaseError() names a database that does not exist', async () => {
  const name = uniqueName();
  const why = `Postgres at ${postgres} has no database "${name}" (3D000)`;
  expect(await judge(changed({ pathname: `/${name}` }))).toEqual({ kind: 'fatal', why });
});

test('classifyDatabaseError() names the user of a refused login, never the password', async () => {
  const name = uniqueName();
  const answer = await judge(changed({ username: name, password: 'sesame' }));
  expect(answer).toMatchObject({
    kind: 'fatal',
    why: expect.stringContaining(`login of user "${name}" (28`),
  });
  expect(JSON.stringify(answer)).not.toContain('sesame');
});

test('classifyDatabaseError() waits for a port nobody listens on', async () => {
  const address = await oddServers.gone();
  const why = `nothing listens on ${address} (ECONNREFUSED)`;
  expect(await judge(at(address))).toEqual({ kind: 'pending', why });
});

test('classifyDatabaseError() waits for a Unix domain socket that is not there', async () => {
  const why = 'there is no socket at /nowhere:5432 (ENOENT)';
  expect(await judge('postgres:///jobs?host=/nowhere')).toEqual({ kind: 'pending', why });
});

test('classifyDatabaseError() waits two seconds for a name that does not exist', async () => {
  const why = expect.stringMatching(/^the name of no-such-host.invalid:5432 .*\((ENOTFOUND|EAI_AGAIN)\)$/);
  expect(await judge(at('no-such-host.invalid'))).toMatchObject({ kind: 'pending', why });
});

test('FAULT 43: classifyDatabaseError() waits for a server that closes at once', async () => {
  const address = await oddServers.closing();
  const why = `Postgres database "jobs" at ${address}: Connection terminated unexpectedly`;
  expect(await judge(at(address))).toEqual({ kind: 'pending', why });
});

test('classifyDatabaseError() waits for a RabbitMQ that hangs up', async () => {
  const why = expect.stringMatching(/ECONNRESET|Connection terminated unexpectedly/);
  expect(await judge(at(new URL(rabbitmqUrl).host))).toEqual({ kind: 'pending', why });
});

test('classifyDatabaseError() waits for a server that resets the connection', async () => {
  const address = await oddServers.resetting();
  const why = `${address} closed the connection (ECONNRESET)`;
  expect(await judge(at(address))).toEqual({ kind: 'pending', why });
});

test('FAULT 44: classifyDatabaseError() leaves a silent server after two seconds', async () => {
  const address = await oddServers.silent();
  const why = `${address} accepts connections but does not answer: is this a Postgres port?`;
  expect(await judge(at(address))).toEqual({ kind: 'pending', why });
});

test.each<[string, boolean | number]>([
  ['57P03', true],
  ['57P01', true],
  ['57P02', true],
  ['08000', true],
  ['08003', true],
  ['08006', true],
  ['53200', true],
  ['53400', true],
  ['40001', true],
  ['40P01', true],
  ['XX000', true],
  ['53300', 5_000],
  ['53100', false],
  ['28P01', false],
  ['28000', false],
  ['08004', false],
  ['08P01', false],
  ['0A000', false],
  ['3D000', false],
  ['55000', false],
  ['42501', false],
  ['57P04', false],
  ['25006', false],
])('classifyDatabaseError() knows whether it passes: %s', (code, passes) => {
  const error = Object.assign(new Error('the server said so'), { code });
  const failure = classifyDatabaseError(error, { host: 'h', port: 5432, user: 'ann', database: 'jobs' });
  expect(failure).toMatchObject({ why: expect.stringContaining(`(${code})`), passes });
});

test.each<[string, boolean]>([
  ['Connection terminated unexpectedly', true],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', false],
  ['The server does not support SSL connections', false],
])('classifyDatabaseError() knows whether it passes: %s', (message, passes) => {
  const error = new Error(message);
  const failure = classifyDatabaseError(error, { host: 'h', port: 5432, user: 'ann', database: 'jobs' });
  expect(failure).toEqual({ why: `Postgres database "jobs" at h:5432: ${message}`, passes });
});
