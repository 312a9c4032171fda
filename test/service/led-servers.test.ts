import type { LaunchPlan } from '../../src/launch/plan.ts';
import { findServerWants, plannedServers } from '../../src/service/find-server-wants.ts';
import { LedServers } from '../../src/service/led-servers.ts';

const cwd = '/app';
const database = { kind: 'postgres', url: 'postgres://live_worker:pw@127.0.0.1:20001' };
const broker = { kind: 'rabbitmq', url: 'amqp://live_worker:pw@127.0.0.1:20002' };

function lead(
  provided: { readonly kind: string; readonly url: string },
  servers: readonly string[],
  env: Readonly<Record<string, string>>,
  standard: readonly string[] = [],
) {
  return new LedServers([{ ...provided, servers }]).lead({ env, cwd, standard });
}

test.each([
  ['postgres://me:x@db.example.com/app', 'postgres://live_worker:pw@127.0.0.1:20001/app'],
  [
    'postgresql+asyncpg://me:x@DB.example.com:5432/app?sslmode=require&a=1',
    'postgresql+asyncpg://live_worker:pw@127.0.0.1:20001/app?a=1&sslmode=disable',
  ],
  [
    'jdbc:postgresql://db.example.com/app?user=me&password=x&ssl=true',
    'jdbc:postgresql://127.0.0.1:20001/app?user=live_worker&password=pw',
  ],
  ['postgres://me:x@db.example.com', 'postgres://live_worker:pw@127.0.0.1:20001/me'],
  ['postgres://me:x@other.example.com/app', undefined],
])('LedServers leads %s', (url, led) => {
  const servers = ['db.example.com:5432'];
  expect(lead(database, servers, { DATABASE_URL: url, OTHER: 'x' })).toEqual(
    led ? { DATABASE_URL: led } : {},
  );
});

test.each([
  ['amqp://me:x@mq.example.com/app', 'amqp://live_worker:pw@127.0.0.1:20002/app'],
  ['pyamqps://me:x@mq.example.com:5672//', 'pyamqp://live_worker:pw@127.0.0.1:20002//'],
  [
    'amqps://mq.example.com:5672?heartbeat=5&cacertfile=ca',
    'amqp://live_worker:pw@127.0.0.1:20002?heartbeat=5',
  ],
])('LedServers leads %s', (url, led) => {
  expect(lead(broker, ['mq.example.com:5672'], { AMQP_URL: url, BROKER: url })).toEqual({
    AMQP_URL: led,
    BROKER: led,
  });
});

test('LedServers leads the variables of libpq, and takes away what is about another server', () => {
  const env = { PGHOST: 'db.example.com', PGDATABASE: 'app', PGSSLMODE: 'require', PGSERVICE: '' };
  expect(lead(database, ['db.example.com:5432'], env)).toEqual({
    PGHOST: '127.0.0.1',
    PGPORT: '20001',
    PGUSER: 'live_worker',
    PGPASSWORD: 'pw',
    PGDATABASE: 'app',
    PGSSLMODE: null,
  });
});

test('LedServers gives a worker that names no server the variable that probes read', () => {
  const DATABASE_URL = 'postgres://live_worker:pw@127.0.0.1:20001/live_worker';
  expect(lead(database, [], {})).toEqual({ DATABASE_URL });
  expect(lead(database, [], { DATABASE_URL, SAME: DATABASE_URL }, ['DATABASE_URL'])).toEqual({
    DATABASE_URL,
  });
  const named = { DATABASE_URL, PGHOST: 'db' };
  expect(lead(database, ['db:5432'], named, ['DATABASE_URL'])).toMatchObject({
    DATABASE_URL: null,
    PGHOST: '127.0.0.1',
  });
});

function launch(env: Readonly<Record<string, string>>) {
  const plan = { worker: 'ops', cwd, env, provenance: {} } as unknown as LaunchPlan;
  return { plan, specs: [] };
}

test('findServerWants() tells servers and places of all workers, and what is asked for it', () => {
  const url = 'postgres://me@db.example.com/app';
  const other = 'postgres://me@db.example.com/analytics';
  const launches = [launch({ DATABASE_URL: url, ANALYTICS: other }), launch({})];
  expect(findServerWants(launches, { postgres: 'auto', rabbitmq: 'found' })).toEqual([
    {
      kind: 'postgres',
      source: 'auto',
      servers: ['db.example.com:5432'],
      places: ['app', 'analytics', 'live_worker'],
      named: [expect.objectContaining({ url: expect.stringContaining('db.example.com') })],
    },
  ]);
  expect(plannedServers({ postgres: 'auto', rabbitmq: 'found' }).all.map(({ kind }) => kind)).toEqual([
    'postgres',
  ]);
});
