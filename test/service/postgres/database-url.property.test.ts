import fc from 'fast-check';
import { isLiveWorkerError } from '../../../src/errors.ts';
import { DatabaseConnection } from '../../../src/service/postgres/database-connection.ts';
import { parseDatabaseLogin } from '../../../src/service/postgres/database-login.ts';
import { databaseUrl } from '../locate-urls.ts';

const parameters = [
  'ssl',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'sslpassword',
  'host',
  'hostaddr',
  'port',
  'user',
  'password',
  'dbname',
  'options',
  'passfile',
  'connect_timeout',
  'requiressl',
  'uselibpqcompat',
  'application_name',
  'client_encoding',
  'replication',
  '__proto__',
  'constructor',
];
const values = [
  'true',
  'false',
  '1',
  'require',
  'prefer',
  'no-verify',
  'verify-ca',
  'verify-full',
  'disable',
  'direct',
  '{"rejectUnauthorized":false}',
  '%7B%7D',
  '/nowhere/file.pem',
  '/nonexistent',
  '%00',
  '%',
  '%zz',
  '%ff',
  'a,b',
  '-1',
  '1e9',
  '',
];
const word = fc.oneof(fc.constantFrom(...values), fc.string({ maxLength: 12 }));
const query = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...parameters), word), word), { maxLength: 5 })
  .map(pairs => pairs.map(([name, value]) => `${name}=${value}`).join('&'));
const place = fc.oneof(
  fc.constantFrom(
    '127.0.0.1:1',
    '',
    '[::1]:1',
    '127.0.0.1',
    'a,b:1',
    '127.0.0.1:99999',
    ':1',
    '[::',
    '%2Fnonexistent',
  ),
  word,
);
const url = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(word, word, place, word, query)
      .map(([user, password, host, path, rest]) => `postgres://${user}:${password}@${host}/${path}?${rest}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, query).map(([host, rest]) => `postgresql+psycopg2://${host}?${rest}`),
  },
  { weight: 1, arbitrary: fc.string() },
);

/** Where a port of the URL may be a real one, nothing is asked. */
const isHarmless = (connection: DatabaseConnection) =>
  connection.address.port === 1 || connection.address.host === '/nonexistent';

test('a URL is understood or refused by our own error, which shows nothing of it, and what comes of it rejects', async () => {
  const strays: unknown[] = [];
  const note = (error: unknown) => strays.push(error);
  process.on('unhandledRejection', note);
  try {
    await fc.assert(
      fc.asyncProperty(url, async text => {
        let found: string;
        try {
          found = databaseUrl(undefined, { DATABASE_URL: text || 'x' }, 'a probe');
        } catch (error) {
          expect({
            error,
            isOurs: isLiveWorkerError(error) && error.code === 'OPTIONS_INVALID',
          }).toMatchObject({ isOurs: true });
          return;
        }
        const connection = new DatabaseConnection(found, 'x');
        try {
          if (isHarmless(connection)) await expect(connection.query('select 1')).rejects.toBeDefined();
        } finally {
          await connection.close();
        }
      }),
      { numRuns: 2_000 },
    );
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(strays).toEqual([]);
});

test('an empty hostaddr leads nowhere else than none', () => {
  expect(parseDatabaseLogin('postgres://%2Fnonexistent?hostaddr=')).toMatchObject({
    host: '/nonexistent',
    hostAddress: undefined,
  });
});

test('a URL that was completed is read as the one it was made of', () => {
  fc.assert(
    fc.property(fc.tuple(word, word, word), ([user, password, database]) => {
      const env = {
        PGHOST: 'h',
        PGUSER: user || 'u',
        PGPASSWORD: password || 'p',
        PGDATABASE: database || 'd',
      };
      fc.pre(!Object.values(env).some(value => /\0|[\ud800-\udfff]/.test(value)));
      const connection = new DatabaseConnection(databaseUrl(undefined, env, 'a probe'), 'x');
      expect(connection.address).toEqual({
        host: 'h',
        port: 5432,
        user: env.PGUSER,
        database: env.PGDATABASE,
      });
    }),
  );
});
