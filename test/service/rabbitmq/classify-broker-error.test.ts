import type { ProbeAnswer } from '../../../src/probe/probe.ts';
import { BrokerConnection } from '../../../src/service/rabbitmq/broker-connection.ts';
import { classifyBrokerError } from '../../../src/service/rabbitmq/classify-broker-error.ts';
import { brokerAnswersProbe } from '../../../src/service/rabbitmq/rabbitmq-probe.ts';
import { closeOddServers, oddServers } from '../odd-servers.ts';
import { postgresUrl, rabbitmqUrl } from '../services.ts';

afterEach(closeOddServers);

/** What is made of the error a connection to that URL really gives. */
async function judge(url: string): Promise<ProbeAnswer> {
  const connection = new BrokerConnection(url, 'classify-broker-error.test');
  try {
    return await brokerAnswersProbe(connection).check(new AbortController().signal);
  } finally {
    await connection.close();
  }
}

function changed(change: (url: URL) => void): string {
  const url = new URL(rabbitmqUrl);
  change(url);
  return url.href;
}

const amqp = (address: string) => `amqp://${address}`;
const { host: broker } = new URL(rabbitmqUrl);

test('classifyBrokerError() has nothing to say about a broker that answers', async () => {
  expect(await judge(rabbitmqUrl)).toEqual({ kind: 'ready' });
});

test('classifyBrokerError() names the user of a refused login, never the password', async () => {
  const answer = await judge(changed(url => Object.assign(url, { username: 'nobody', password: 'sesame' })));
  expect(answer).toEqual({
    kind: 'fatal',
    why: `RabbitMQ at ${broker} refused the login of user "nobody" (403)`,
  });
});

test('classifyBrokerError() names a vhost that does not exist', async () => {
  const answer = await judge(changed(url => Object.assign(url, { pathname: '/no-such%2Fvhost' })));
  const why = expect.stringMatching(
    /refused vhost "no-such\/vhost" to user ".*" \(530\): it does not exist$/,
  );
  expect(answer).toEqual({ kind: 'fatal', why });
});

test('classifyBrokerError() waits for a port nobody listens on', async () => {
  const address = await oddServers.gone();
  const why = `nothing listens on ${address} (ECONNREFUSED)`;
  expect(await judge(amqp(address))).toEqual({ kind: 'pending', why });
});

test('classifyBrokerError() waits when both families of addresses refuse', async () => {
  const port = (await oddServers.gone()).split(':')[1];
  const why = `nothing listens on localhost:${port} (ECONNREFUSED)`;
  expect(await judge(`amqp://localhost:${port}`)).toEqual({ kind: 'pending', why });
});

test('classifyBrokerError() waits two seconds for a name that does not exist', async () => {
  const why = expect.stringMatching(/^the name of no-such-host.invalid:5672 .*\((ENOTFOUND|EAI_AGAIN)\)$/);
  expect(await judge('amqp://no-such-host.invalid')).toMatchObject({ kind: 'pending', why });
});

test.each([
  ['a Postgres', () => new URL(postgresUrl).host],
  ['a server that closes at once', oddServers.closing],
  ['an HTTP server', oddServers.http],
])('classifyBrokerError() asks after five seconds of %s whether it is an AMQP port', async (_, at) => {
  const address = await at();
  const why = `${address} closed the connection during the handshake: is this an AMQP port?`;
  expect(await judge(amqp(address))).toEqual({ kind: 'pending', why, hopelessAfterMs: 5_000 });
});

test('classifyBrokerError() waits for a server that resets the connection', async () => {
  const address = await oddServers.resetting();
  const why = `${address} closed the connection (ECONNRESET)`;
  expect(await judge(amqp(address))).toEqual({ kind: 'pending', why });
});

test('FAULT 44: classifyBrokerError() leaves a silent server after two seconds', async () => {
  const address = await oddServers.silent();
  const why = `RabbitMQ at ${address} has not answered for 2 s: is it slow, frozen, or is that no AMQP port?`;
  expect(await judge(amqp(address))).toEqual({ kind: 'pending', why });
});

test('classifyBrokerError() gives up on TLS with a port that has none', async () => {
  const why = expect.stringContaining(`TLS with ${broker} failed (ERR_SSL_`);
  expect(await judge(`amqps://${broker}`)).toEqual({ kind: 'fatal', why });
});

const address = { host: 'h', port: 5672, user: 'ann', vhost: '/jobs' };
const coded = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

test.each<[string, boolean | number]>([
  ['EPIPE', true],
  ['ETIMEDOUT', true],
  ['EAI_AGAIN', true],
  ['EHOSTUNREACH', 5_000],
  ['ENETUNREACH', 5_000],
  ['EADDRNOTAVAIL', 5_000],
  ['ENOTFOUND', 2_000],
  ['CERT_HAS_EXPIRED', false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false],
  ['Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - shutdown"', true],
  ['Connection closed: 541 (INTERNAL-ERROR) with message "vhost is down"', 5_000],
  ['Operation failed: QueueDeclare; 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED"', false],
  ['Connection closed: 402 (INVALID-PATH)', false],
  ['Connection closed: 504 (CHANNEL-ERROR)', false],
  ['Operation failed: QueueDeclare; 506 (RESOURCE-ERROR)', true],
  ['Heartbeat timeout', true],
  ['Channel closed', true],
])('classifyBrokerError() knows whether it passes: %s', (said, passes) => {
  const error = /^[A-Z_]+$/.test(said) ? coded(said) : new Error(said);
  expect(classifyBrokerError(error, address)).toMatchObject({ passes });
});
