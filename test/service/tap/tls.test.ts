import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { privatePostgres } from '../../services/own-server.ts';
import { closeAll, tapTo, upstreamOf } from '../../tap/open-between.ts';
import { tlsBroker } from '../rabbitmq/tls-broker.ts';

jest.setTimeout(60_000);
afterAll(closeAll);

const run = promisify(execFile);
const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const askLibpq = `
import sys, psycopg2
cursor = psycopg2.connect(sys.argv[1]).cursor()
cursor.execute('select ssl, inet_server_port() from pg_stat_ssl where pid = pg_backend_pid()')
print(*cursor.fetchone())
`;
const brokerUrl = process.env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

test('a broker behind TLS is reached by a worker that talks plain, and its certificate is looked at', async () => {
  const broker = await tlsBroker(brokerUrl);
  const ca = readFileSync(broker.authority, 'utf8');
  const address = { host: 'localhost', port: broker.port };
  const { listener } = await tapTo(upstreamOf('amqp', address, { encryption: 'required', tls: { ca } }));
  const login = new URL(brokerUrl);
  login.host = `127.0.0.1:${listener.port}`;
  const connection = await connect(login.href, { noDelay: true });
  await connection.createChannel();
  expect(listener.sight().connections).toMatchObject([
    { amqp: { user: login.username, vhost: '/', isOpen: true } },
  ]);
  await connection.close();
  const unknown = await tapTo(upstreamOf('amqp', address, { encryption: 'required' }));
  login.host = `127.0.0.1:${unknown.listener.port}`;
  await expect(connect(login.href)).rejects.toThrow();
  expect(unknown.listener.sight().listener.unreachable).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
  broker.close();
});

describe('a Postgres that takes nothing but TLS and SCRAM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-tap-'));
  let stop: () => Promise<unknown>;
  let url: URL;

  beforeAll(async () => {
    const attempt = await privatePostgres(new AbortController().signal);
    if (attempt.kind !== 'provided') throw new Error(JSON.stringify(attempt));
    stop = () => attempt.stop();
    url = new URL(attempt.value);
    const [key, certificate] = [join(folder, 'key'), join(folder, 'crt')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
        ...['-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    const admin = new Client({ connectionString: attempt.value });
    await admin.connect();
    const write = async (file: string, text: string) => {
      const { rows } = await admin.query("select current_setting('data_directory') as folder");
      const lines = text
        .trimEnd()
        .split('\n')
        .map(line => `select ${admin.escapeLiteral(line)}`);
      const program = admin.escapeLiteral(`umask 077; cat > ${rows[0].folder}/${file}`);
      await admin.query(`copy (${lines.join(' union all ')}) to program ${program}`);
    };
    await write('server.key', readFileSync(key, 'utf8'));
    await write('server.crt', readFileSync(certificate, 'utf8'));
    await admin.query('alter system set ssl = on');
    await admin.query('select pg_reload_conf()');
    await write('pg_hba.conf', 'hostssl all all all scram-sha-256');
    await admin.query('select pg_reload_conf()');
    await admin.end();
  });
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true });
  });

  test.each(['required', 'preferred', 'asked'] as const)(
    'libpq logs in through a tap with TLS %s',
    async encryption => {
      const { port, answer } = await askThrough(encryption, {});
      expect(answer).toBe(`True ${port}`);
    },
  );

  test('libpq that wants no TLS is told by the server, where its own wish decides', async () => {
    await expect(askThrough('asked', { PGSSLMODE: 'disable' })).rejects.toThrow(/no encryption/);
  });

  test('node-pg logs in through a tap with TLS', async () => {
    const { listener } = await tap('required');
    const client = new Client({ connectionString: through(listener.port) });
    await client.connect();
    const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true }]);
    await client.end();
  });

  function tap(encryption: 'required' | 'preferred' | 'asked') {
    const address = { host: url.hostname, port: Number(url.port) };
    return tapTo(upstreamOf('postgres', address, { encryption, tls: { rejectUnauthorized: false } }));
  }

  function through(port: number): string {
    const login = new URL(url);
    login.host = `127.0.0.1:${port}`;
    return login.href;
  }

  async function askThrough(
    encryption: 'required' | 'preferred' | 'asked',
    env: Readonly<Record<string, string>>,
  ) {
    const { listener } = await tap(encryption);
    const { stdout } = await run(python, ['-c', askLibpq, through(listener.port)], { env });
    return { port: url.port, answer: stdout.trim() };
  }
});
