import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tappableDatabases } from '../../src/service/postgres/tappable-databases.ts';
import { tappableBrokers } from '../../src/service/rabbitmq/tappable-brokers.ts';
import type { Tappable } from '../../src/tap/tappable.ts';

const place = { host: '127.0.0.1', port: 4711 };
const cwd = '/';
type Env = Readonly<Record<string, string>>;

async function detourOf(env: Env) {
  const all = [...tappableBrokers({ env, cwd }), ...(await tappableDatabases({ env, cwd }))];
  return Object.assign({}, ...all.map(one => ('leadTo' in one ? one.leadTo(place) : {})));
}

async function upstreamOf(env: Env) {
  const [one] = [...tappableBrokers({ env, cwd }), ...(await tappableDatabases({ env, cwd }))];
  return (one as Extract<Tappable, { readonly upstream: unknown }>).upstream;
}

test.each([
  ['amqp://u:p%40@broker:5673/v%2Fh?heartbeat=5', 'amqp://u:p%40@127.0.0.1:4711/v%2Fh?heartbeat=5'],
  ['amqp://broker', 'amqp://127.0.0.1:4711'],
  ['pyamqp://u@[::1]:5672//', 'pyamqp://u@127.0.0.1:4711//'],
  ['amqps://u:p@broker/v?cacertfile=/ca.pem&heartbeat=5', 'amqp://u:p@127.0.0.1:4711/v?heartbeat=5'],
  ['pyamqp+ssl://u:p@broker:5671/', 'pyamqp://u:p@127.0.0.1:4711/'],
])('of the broker %s the worker gets %s', async (given, wanted) => {
  const tls = given.replace('/ca.pem', '/dev/null');
  expect(await detourOf({ CELERY_BROKER: tls, OTHER: 'x', PORT: '1' })).toEqual({ CELERY_BROKER: wanted });
});

test.each([
  ['postgres://u:p@db:5433/app?application_name=x', 'postgres://u:p@127.0.0.1:4711/app?application_name=x'],
  ['postgresql+psycopg://u:p@db/app', 'postgresql+psycopg://u:p@127.0.0.1:4711/app'],
  [
    'jdbc:postgresql://db:5432/app?user=u&password=p&sslmode=require',
    'jdbc:postgresql://127.0.0.1:4711/app?user=u&password=p&sslmode=disable',
  ],
  ['postgresql:///app?host=/run/postgresql&user=u', 'postgresql://127.0.0.1:4711/app?user=u'],
  ['postgres://u@%2Frun%2Fpostgresql/app', 'postgres://u@127.0.0.1:4711/app'],
  [
    'postgres://u:p@db/app?ssl=true&sslrootcert=/dev/null&channel_binding=require',
    'postgres://u:p@127.0.0.1:4711/app',
  ],
])('of the database %s the worker gets %s', async (given, wanted) => {
  expect(await detourOf({ ANY_URL: given })).toEqual({ ANY_URL: wanted });
});

test('libpq is led by its variables, which may say where it is in several ways', async () => {
  expect(
    await detourOf({ PGHOST: 'db', PGPORT: '5433', PGHOSTADDR: '10.0.0.1', PGSSLMODE: 'require' }),
  ).toEqual({
    PGHOST: '127.0.0.1',
    PGPORT: '4711',
    PGHOSTADDR: null,
    PGSSLMODE: 'disable',
  });
  expect(await detourOf({ PGUSER: 'u', PGDATABASE: 'd' })).toEqual({});
});

test('what a password file or a service file says of the place is said to the worker', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-tap-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o600);
    return join(folder, name);
  };
  const PGPASSFILE = write('pgpass', 'db:5432:app:u:of-the-file\n');
  expect(await detourOf({ ANY_URL: 'postgres://u@db/app', PGPASSFILE })).toEqual({
    ANY_URL: 'postgres://u@127.0.0.1:4711/app',
    PGPASSWORD: 'of-the-file',
  });
  const PGSERVICEFILE = write('service.conf', '[ours]\nhost=db\nport=5433\nuser=u\npassword=p\ndbname=app\n');
  expect(await detourOf({ PGSERVICE: 'ours', PGSERVICEFILE })).toEqual({
    PGHOST: '127.0.0.1',
    PGPORT: '4711',
    PGSERVICE: null,
    PGUSER: 'u',
    PGDATABASE: 'app',
    PGPASSWORD: 'p',
  });
  rmSync(folder, { recursive: true });
});

test.each<[string, Env, object]>([
  ['a broker', { A: 'amqp://b' }, { address: { host: 'b', port: 5672 }, encryption: 'never', tls: {} }],
  [
    'a broker behind TLS',
    { A: 'amqps://b?verify=verify_none' },
    { address: { host: 'b', port: 5671 }, encryption: 'required', tls: { rejectUnauthorized: false } },
  ],
  ['a database', { A: 'postgres://d/x' }, { address: { host: 'd', port: 5432 }, encryption: 'asked' }],
  [
    'one behind TLS',
    { A: 'postgres://d/x?sslmode=require' },
    { encryption: 'required', tls: { rejectUnauthorized: false } },
  ],
  [
    'one whose certificate counts',
    { A: 'postgres://d/x?sslmode=verify-ca' },
    { encryption: 'required', tls: { checksName: false } },
  ],
  [
    'one with TLS by a variable',
    { A: 'postgres://d/x', PGSSLMODE: 'verify-full' },
    { encryption: 'required', tls: {} },
  ],
  [
    'one on a socket',
    { A: 'postgres:///x?host=/run' },
    { address: { path: '/run/.s.PGSQL.5432' }, encryption: 'never' },
  ],
])('the tap of %s leads there', async (_, env, wanted) => {
  expect(await upstreamOf({ HOME: '/nowhere', ...env })).toMatchObject(wanted);
});

test('what no tap can stand before is named with the reason, without its value', async () => {
  const env = {
    A: 'amqp://one:5672;amqp://two:5672',
    B: 'postgres://u:secret@a,b/x',
    C: 'amqp://u:secret@x:99999',
  };
  const all = [...tappableBrokers({ env, cwd }), ...(await tappableDatabases({ env, cwd }))];
  expect(all.map(({ variables }) => variables)).toEqual([['A'], ['C'], ['B']]);
  expect(JSON.stringify(all)).not.toContain('secret');
  expect(all).toEqual(all.map(({ variables }) => ({ variables, untappable: expect.any(String) })));
});
