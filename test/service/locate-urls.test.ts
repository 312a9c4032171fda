import { userInfo } from 'node:os';
import { isLiveWorkerError, type LiveWorkerError } from '../../src/errors.ts';
import { parseDatabaseUrl } from '../../src/service/postgres/database-address.ts';
import { parseBrokerUrl } from '../../src/service/rabbitmq/broker-address.ts';
import { brokerUrl, databaseUrl } from './locate-urls.ts';

const where = 'workers.ops.ready[0]';
const broker = (env: Record<string, string>, url?: string) => brokerUrl(url, env, where);
const database = (env: Record<string, string>, url?: string) => databaseUrl(url, env, where);

function errorOf(action: () => unknown): LiveWorkerError {
  try {
    action();
  } catch (error) {
    if (isLiveWorkerError(error)) return error;
    throw error;
  }
  throw new Error('it did not throw');
}

test('brokerUrl() takes the option, then RABBITMQ_URL, AMQP_URL, CLOUDAMQP_URL', () => {
  const env = { CLOUDAMQP_URL: 'amqp://c', AMQP_URL: 'amqp://b', RABBITMQ_URL: 'amqp://a' };
  expect(broker(env, 'amqp://option')).toBe('amqp://option');
  expect(broker(env)).toBe('amqp://a');
  expect(broker({ ...env, RABBITMQ_URL: '' })).toBe('amqp://b');
  expect(broker({ CLOUDAMQP_URL: 'amqps://c' })).toBe('amqps://c');
});

test('databaseUrl() takes the option, then DATABASE_URL, POSTGRES_URL, the PG* variables', () => {
  const env = { PGHOST: 'p', POSTGRES_URL: 'postgres://b/b', DATABASE_URL: 'postgres://a/a' };
  expect(database(env, 'postgres://option/o')).toBe('postgres://option/o');
  expect(database(env)).toBe('postgres://a/a');
  expect(database({ ...env, DATABASE_URL: '' })).toBe('postgres://b/b');
  expect(database({ PGHOST: 'p' })).toBe('postgres://p/');
});

test.each([
  [{ PGUSER: 'ann' }, { host: 'localhost', port: 5432, user: 'ann', database: 'ann' }],
  [
    { PGDATABASE: 'jobs', PGPORT: '6543' },
    { host: 'localhost', port: 6543, user: userInfo().username, database: 'jobs' },
  ],
  [
    { PGHOST: '::1', PGDATABASE: 'a b/c' },
    { host: '[::1]', database: 'a b/c' },
  ],
  [
    { PGHOST: '/var/run/postgresql', PGPORT: '5433' },
    { host: '/var/run/postgresql', port: 5433 },
  ],
  [
    { PGHOST: 'db', PGUSER: 'a@b%', PGPASSWORD: 'p/@:?#' },
    { host: 'db', user: 'a@b%' },
  ],
])('databaseUrl() makes a URL of %j', (env, address) => {
  expect(parseDatabaseUrl(database(env))).toMatchObject(address);
});

test('databaseUrl() keeps a password with every special character', () => {
  const password = 'p/@:?#[]% ü';
  const url = new URL(database({ PGHOST: 'db', PGPASSWORD: password }));
  expect(decodeURIComponent(url.password)).toBe(password);
});

test.each(['postgresql+psycopg2', 'postgresql+asyncpg', 'postgres+psycopg', 'postgresql'])(
  'databaseUrl() understands the scheme %s',
  scheme => {
    const url = database({ DATABASE_URL: `${scheme}://u:p@h:5433/d` });
    expect(parseDatabaseUrl(url)).toEqual({ host: 'h', port: 5433, user: 'u', database: 'd' });
  },
);

test('brokerUrl() names the variables there could be, and those that look like it', () => {
  const none = errorOf(() => broker({}));
  expect(none.code).toBe('ENV_MISSING');
  expect(none.message).toContain('has none of RABBITMQ_URL, AMQP_URL, CLOUDAMQP_URL');
  expect(none.message).toContain("Set one in the worker's env file or env, or give workers.ops.ready[0].url");
  const similar = errorOf(() => broker({ BROKER: 'amqp://u:sesame@h', OTHER: 'redis://h' }));
  expect(similar.message).toContain("It has BROKER: give workers.ops.ready[0].url as '${BROKER}'");
  expect(JSON.stringify([similar.message, similar.details])).not.toContain('sesame');
});

test('databaseUrl() names the variables there could be', () => {
  const { code, message } = errorOf(() => database({ DB: 'postgresql+psycopg2://h/d' }));
  expect(code).toBe('ENV_MISSING');
  expect(message).toContain('DATABASE_URL, POSTGRES_URL, PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE');
  expect(message).toContain("'${DB}'");
});

test.each([
  ['another scheme', 'redis://u:sesame@h', 'its scheme is "redis", wanted "amqp" or "amqps"'],
  ['no URL at all', 'sesame', 'it is no URL'],
  ['a port that is none', 'amqp://u:sesame@h:99999', 'its port is no number from 0 to 65535'],
  ['a port that is no number', 'amqp://u:sesame@h:port', 'its port is no number from 0 to 65535'],
  ['white space', ' amqp://u:sesame@h', 'it has white space before or behind it'],
  [
    'several hosts',
    'amqp://u:sesame@a,b:5672/',
    'it names several hosts, of which the worker takes one; name that one for the probe',
  ],
  ['nothing behind the scheme', 'amqp:u:sesame@h', 'it has no // behind its scheme'],
  ['a NUL in the user', 'amqp://u%00:sesame@h', 'its user holds a NUL character'],
  ['a NUL in the password', 'amqp://u:sesame%00@h', 'its password holds a NUL character'],
  [
    'a vhost that is too long',
    `amqp://u:sesame@h/${'v'.repeat(256)}`,
    'its vhost has 256 bytes, at most 255 are possible',
  ],
  [
    "Celery's list of brokers",
    'pyamqp://u:sesame@a//;pyamqp://u:sesame@b//',
    'it lists several brokers, of which the worker takes one; name that one for the probe',
  ],
])('brokerUrl() refuses %s and never shows the password', (_, url, reason) => {
  const error = errorOf(() => broker({ AMQP_URL: url }));
  expect(error.code).toBe('OPTIONS_INVALID');
  expect(error.message).toBe(`Cannot use AMQP_URL for workers.ops.ready[0]: ${reason}`);
  expect(JSON.stringify({ ...error, stack: error.stack, cause: error.cause })).not.toContain('sesame');
});

test('brokerUrl() names the variable whose value it was given', () => {
  const env = { NATS_URL: 'nats://u:sesame@h', OTHER: 'nats://u:sesame@h2' };
  const { message } = errorOf(() => broker(env, env.NATS_URL));
  expect(message).toBe(
    'Cannot use workers.ops.ready[0].url, the value of NATS_URL, for workers.ops.ready[0]: its scheme is "nats", wanted "amqp" or "amqps"',
  );
});

test('brokerUrl() takes pyamqp:// for a broker when it looks for similar variables', () => {
  const { message } = errorOf(() => broker({ CELERY_BROKER_URL: 'pyamqp://u:sesame@h//' }));
  expect(message).toContain(
    "It has CELERY_BROKER_URL: give workers.ops.ready[0].url as '${CELERY_BROKER_URL}'",
  );
});

test('databaseUrl() refuses an URL and never shows the password', () => {
  const error = errorOf(() => database({}, 'mysql://u:sesame@h/d'));
  expect(error.message).toContain(
    'Cannot use workers.ops.ready[0].url for workers.ops.ready[0]: its scheme is "mysql"',
  );
  expect(JSON.stringify({ ...error, stack: error.stack })).not.toContain('sesame');
});

test.each([
  ['amqp://h', { host: 'h', port: 5672, user: 'guest', vhost: '/' }],
  ['amqps://u:p@h/', { host: 'h', port: 5671, user: 'u', vhost: '/' }],
  ['amqp://a%40b@h:1/%2Fteam', { host: 'h', port: 1, user: 'a@b', vhost: '/team' }],
  ['pyamqp://u:p@h//', { host: 'h', port: 5672, user: 'u', vhost: '/' }],
  ['AMQP://u:p@h', { host: 'h', port: 5672, user: 'u', vhost: '/' }],
  ['amqp+ssl://u:p@h/v', { host: 'h', port: 5671, user: 'u', vhost: 'v' }],
  ['pyamqps://h', { host: 'h', port: 5671, user: 'guest', vhost: '/' }],
  ['amqp://[::1]:5673/', { host: '::1', port: 5673, user: 'guest', vhost: '/' }],
  ['amqp://', { host: 'localhost', port: 5672, user: 'guest', vhost: '/' }],
  ['amqp:///jobs', { host: 'localhost', port: 5672, user: 'guest', vhost: 'jobs' }],
  ['amqp://u%zz:50%@h/%', { host: 'h', port: 5672, user: 'u%zz', vhost: '%' }],
  ['amqp://%C3%A9:p@h/?heartbeat=abc&channelMax={}', { host: 'h', port: 5672, user: 'é', vhost: '/' }],
])('parseBrokerUrl() reads %s', (url, address) => {
  expect(parseBrokerUrl(url)).toEqual(address);
});
