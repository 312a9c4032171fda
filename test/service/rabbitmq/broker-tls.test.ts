import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeAnswer } from '../../../src/probe/probe.ts';
import { BrokerConnection } from '../../../src/service/rabbitmq/broker-connection.ts';
import { brokerAnswersProbe } from '../../../src/service/rabbitmq/rabbitmq-probe.ts';
import { type TlsFiles, tlsFilesOf } from '../../../src/service/rabbitmq/tls-options.ts';
import { rabbitmqUrl } from '../services.ts';
import { type TlsBroker, tlsBroker } from './tls-broker.ts';

let broker: TlsBroker;
let strict: TlsBroker;

beforeAll(async () => {
  broker = await tlsBroker(rabbitmqUrl);
  strict = await tlsBroker(rabbitmqUrl, { asksClient: true });
});
afterAll(() => {
  broker.close();
  strict.close();
});

async function answer(query: string, env: Record<string, string> = {}, to = broker): Promise<ProbeAnswer> {
  const { username, password } = new URL(rabbitmqUrl);
  const tls: TlsFiles = tlsFilesOf(env, to.folder);
  const url = `amqps://${username}:${password}@localhost:${to.port}/${query}`;
  const connection = new BrokerConnection(url, 'broker-tls.test', { tls });
  try {
    return await brokerAnswersProbe(connection).check(new AbortController().signal);
  } finally {
    await connection.close();
  }
}

test('a broker whose authority nobody named is refused, by the code of TLS', async () => {
  const why = `TLS with localhost:${broker.port} failed (SELF_SIGNED_CERT_IN_CHAIN)`;
  expect(await answer('')).toEqual({ kind: 'fatal', why });
});

test.each<[string, string, Record<string, string>]>([
  ['cacertfile of the URL, from the folder of the worker', '?cacertfile=ca.pem', {}],
  ['cafile of the URL', '?cafile=./ca.pem', {}],
  ["pika's ssl_options", `?ssl_options=${encodeURIComponent("{'ca_certs': 'ca.pem', 'ciphers': None}")}`, {}],
  ['NODE_EXTRA_CA_CERTS of the worker', '', { NODE_EXTRA_CA_CERTS: 'ca.pem' }],
  ['SSL_CERT_FILE of the worker', '', { SSL_CERT_FILE: 'ca.pem' }],
  ['verify=verify_none', '?verify=verify_none', {}],
  ['ssl_cert_reqs=CERT_NONE', '?ssl_cert_reqs=CERT_NONE', {}],
])('a broker is trusted by %s', async (_, query, env) => {
  expect(await answer(query, env)).toEqual({ kind: 'ready' });
});

test('a certificate for another host is refused, unless that host is asked for', async () => {
  expect(await answer('?cacertfile=ca.pem&server_name_indication=elsewhere.example')).toMatchObject({
    kind: 'fatal',
    why: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
  });
});

test('certfile and keyfile are shown to a broker that asks for them', async () => {
  expect(await answer('?cacertfile=ca.pem&certfile=client.pem', {}, strict)).toEqual({ kind: 'ready' });
  expect(await answer('?cacertfile=ca.pem&certfile=client.pem&keyfile=client.key', {}, strict)).toEqual({
    kind: 'ready',
  });
  expect(await answer('?cacertfile=ca.pem', {}, strict)).not.toEqual({ kind: 'ready' });
});

test.each<[string, string, Record<string, string>]>([
  ['cacertfile', '?cacertfile=missing.pem', {}],
  ['certfile', '?certfile=missing.pem', {}],
  ['NODE_EXTRA_CA_CERTS', '', { NODE_EXTRA_CA_CERTS: 'missing.pem' }],
  ['SSL_CERT_FILE', '', { SSL_CERT_FILE: 'missing.pem' }],
])('a file that is not there is told with the name of %s', async (name, query, env) => {
  const why = `Cannot read "missing.pem", the TLS file that ${name} names (ENOENT)`;
  expect(await answer(query, env)).toEqual({ kind: 'fatal', why });
});

test.each([
  ['?cacertfile=garbage.pem', /^TLS with .* failed \(\w+\)$/],
  ['?certfile=garbage.pem', /^TLS with .* failed \(\w+\)$/],
  ['?cacertfile=.', /^Cannot read ".", the TLS file that cacertfile names \(EISDIR\)$/],
])('a file that holds no certificate is told: %s', async (query, why) => {
  writeFileSync(join(broker.folder, 'garbage.pem'), 'no certificate');
  expect(await answer(query)).toEqual({ kind: 'fatal', why: expect.stringMatching(why) });
});
