import fc from 'fast-check';
import { maskCommand, maskCommandLine, maskValue } from '../../src/secrets/mask-value.ts';
import { Secrets } from '../../src/secrets/secrets.ts';

const secretsOf = (env: Readonly<Record<string, string>>) => new Secrets(Object.entries(env));

test.each([
  'DB_PASSWORD',
  'PGPASSWORD',
  'API_KEY',
  'sentry_dsn',
  'SESSION_ID',
  'AWS_SECRET',
  'GH_TOKEN',
  'X_SIGNATURE',
])('maskValue() hides all of %s', name => {
  expect(maskValue(name, 'hunter2 amqp://u:p@h')).toBe('***');
  expect(maskValue(name, '')).toBe('');
});

test.each([
  ['PWD', '/home/x', '/home/x'],
  ['OLDPWD', '/home/x', '/home/x'],
  ['BROKER', 'amqp://u:hunter2@h:1/v', 'amqp://u:***@h:1/v'],
  ['CONNECTION', 'host=h password=hunter2 dbname=d', 'host=h password=*** dbname=d'],
  ['CONNECTION', "host=h password = 'it\\'s hunter2' dbname=d", 'host=h password = *** dbname=d'],
  ['CONNECTION', 'password=hun\\ ter2 user=x', 'password=*** user=x'],
  ['CONNECTION', 'Server=h;Password=hunter2', 'Server=h;Password=***'],
  ['CONFIG', '{"user":"u","password":"hun\\"ter2","n":1}', '{"user":"u","password":"***","n":1}'],
  ['CONFIG', 'sort_key=name', 'sort_key=name'],
  [
    'PEM',
    'a -----BEGIN PRIVATE X-----\nhunter2\n-----END PRIVATE X----- b',
    'a -----BEGIN PRIVATE X----- *** b',
  ],
  ['PEM', '-----BEGIN X-----\\nhunter2', '-----BEGIN X----- ***'],
])('maskValue() shows %s=%s as %s', (name, value, shown) => {
  expect(maskValue(name, value)).toBe(shown);
});

const env = {
  BROKER_URL: 'amqp://ops:p%40ss%2Fword@h:5672',
  RAW_URL: 'postgres://ops:raw@pass/word@h/d',
  DB_PASSWORD: 'hunter2+x',
  SHORT_PASSWORD: 'abc',
  SMALL_PASSWORD: 'four',
  AUTH_CODE: 'eight-ch',
  COMMON_PASSWORD: 'postgres',
  GUEST_URL: 'amqp://guest:guest@h',
  SAME_URL: 'amqp://ops-user:ops-user@h',
  SESSION_STORE: 'redis-1',
  LIBPQ: 'host=h password=libpq-pass',
  QUOTED: "host=h password='it\\'s quoted' user=x",
  QUERY: 'https://h/?mode=query-mode&api_key=query-pass',
  SIGNING_KEY: '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----',
  HOST: 'visible-host',
  NOTE: 'a visible line of text\nanother visible line',
};

test.each([
  ['login p@ss/word failed', 'login *** failed'],
  ['login p%40ss%2Fword failed', 'login *** failed'],
  ['login raw@pass/word, raw%40pass%2Fword', 'login ***, ***'],
  ['hunter2+x hunter2%2Bx', '*** ***'],
  ['MIIEvQIBADANBgkqhkiG', '***'],
  ['{"key":"-----BEGIN KEY-----\\nMIIEvQIBADANBgkqhkiG\\n-----END KEY-----"}', '{"key":"***"}'],
  ['libpq-pass query-pass', '*** ***'],
  ["it's quoted, host=h", '***, host=h'],
  ['four eight-ch', '*** ***'],
  ['ops-user query-mode another visible line', 'ops-user query-mode another visible line'],
  ['-----END KEY-----', '-----END KEY-----'],
  [
    'role "postgres" as guest on visible-host, abc, redis-1',
    'role "postgres" as guest on visible-host, abc, redis-1',
  ],
])('Secrets.mask() makes of %s: %s', (text, masked) => {
  expect(secretsOf(env).mask(text)).toBe(masked);
});

test('Secrets.mask() leaves text alone when nothing is secret', () => {
  expect(secretsOf({ HOST: 'a' }).mask('a.b|c')).toBe('a.b|c');
});

test('Secrets.mask() leaves no secret in any text', () => {
  const secret = fc
    .string({ unit: 'grapheme', minLength: 9, maxLength: 20 })
    .filter(text => !/^[\s*]+$/.test(text));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
      fc.pre(!before.includes(value) && !after.includes(value) && !'***'.includes(value));
      const secrets = secretsOf({ TOKEN: value });
      const text = secrets.mask(`${before} ${value} ${after}`);
      expect(text).toBe(`${secrets.mask(before)} *** ${secrets.mask(after)}`);
    }),
  );
});

test('Secrets.mask() copes with text that cannot be encoded or decoded', () => {
  expect(secretsOf({ A_TOKEN: '100%sure', B_TOKEN: '\ud800abc' }).mask('100%sure \ud800abc')).toBe('*** ***');
});

test('maskCommand() hides secrets of every kind', () => {
  const words = [
    '-m',
    'celery',
    '--broker',
    'amqp://u:hunter2@h',
    '--password=hunter2',
    '--api-key',
    'hunter2',
    '--verbose',
    'x',
  ];
  expect(maskCommand(words, new Secrets())).toEqual([
    ...['-m', 'celery', '--broker', 'amqp://u:***@h', '--password=***', '--api-key', '***', '--verbose', 'x'],
  ]);
  expect(maskCommand(['run', 'hunter2+x'], secretsOf(env))).toEqual(['run', '***']);
  expect(maskCommand(['--keyspace', '--other'], new Secrets())).toEqual(['--keyspace', '--other']);
});

test('maskCommand() hides the secret of an option in a script', () => {
  const script = `exec worker --verbose --password 'hunter 2' --api-key=hunter2 -t hunter3 && echo done`;
  expect(maskCommand(['-c', script], new Secrets())).toEqual([
    '-c',
    'exec worker --verbose --password *** --api-key=*** -t hunter3 && echo done',
  ]);
});

test('maskCommandLine() hides secrets with spaces in them, as the kernel joins the words', () => {
  const secrets = new Secrets([['DB_PASSWORD', 'it  is\nlong']]);
  expect(maskCommandLine('psql amqp://u:a b@h it is long --token x', secrets)).toBe(
    'psql amqp://u:***@h *** --token ***',
  );
});

test('Secrets.mask() leaves a reference that stands for a secret', () => {
  expect(new Secrets([['password', '${DB_PASSWORD}']]).mask('${DB_PASSWORD}')).toBe('${DB_PASSWORD}');
});
