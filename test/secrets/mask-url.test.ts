import fc from 'fast-check';
import { listCredentials, maskUrl } from '../../src/secrets/mask-url.ts';

test.each([
  ['amqp://user:hunter2@host:5672/vhost', 'amqp://user:***@host:5672/vhost'],
  ['postgres://user@host/db', 'postgres://user@host/db'],
  ['redis://:hunter2@host', 'redis://:***@host'],
  ['amqp://u:hun@ter/2@host/v', 'amqp://u:***@host/v'],
  ['amqp://u:h%40nter@host', 'amqp://u:***@host'],
  ['amqp://u:hunter2@a,amqp://u:hunter3@b', 'amqp://u:***@a,amqp://u:***@b'],
  ['postgres://u:hunter2@a:5432,b:5432/db', 'postgres://u:***@a:5432,b:5432/db'],
  [
    'see amqps://u:hunter2@h and\npostgresql+psycopg://u:hunter2@h/d',
    'see amqps://u:***@h and\npostgresql+psycopg://u:***@h/d',
  ],
  ['amqp://u:@hunter2?x=@h/v?heartbeat=5', 'amqp://u:***@h/v?heartbeat=5'],
  ['postgres://h/d?user=x&password=hunter2&sslkey=k', 'postgres://h/d?user=x&password=***&sslkey=***'],
  ['https://x.test/a?token=hunter2#top', 'https://x.test/a?token=***'],
  ['https://ghp_hunter2@github.com/x', 'https://***@github.com/x'],
  ['https://registry.test:8080/@scope/name', 'https://registry.test:8080/@scope/name'],
  ['http://[::1]:80/@x', 'http://[::1]:80/@x'],
  ['AMQP://U:hunter2@H', 'AMQP://U:***@H'],
  ['amqp://u://hunter2@h', 'amqp://u:***@h'],
  ['"https://h.test", a@b.c', '"https://h.test", a@b.c'],
  ['no url a:b@c', 'no url a:b@c'],
  ['', ''],
])('maskUrl() makes of %s: %s', (text, masked) => {
  expect(maskUrl(text)).toBe(masked);
});

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const password = fc.stringMatching(/^[!-~]{0,6}zQ7zQ7[!-~]{0,6}$/).filter(text => !text.includes('://'));
const scheme = fc.constantFrom('amqp', 'amqps', 'postgres', 'postgresql+psycopg', 'redis', 'https');
const path = fc.constantFrom('', '/', '/vhost', '/db?connect_timeout=5', ':5672/%2F');
const url = fc
  .tuple(scheme, word, password, word, path)
  // A website on port 12 with an @ in its path, for everybody else too.
  .filter(([start, , secret]) => start !== 'https' || !/^\d*[/?#]/.test(secret))
  .map(([start, user, secret, host, end]) => ({
    start: `${start}://${user}:`,
    secret,
    end: `@${host}${end}`,
  }));

test('maskUrl() hides the password and keeps the rest, whatever the password is', () => {
  fc.assert(
    fc.property(url, ({ start, secret, end }) => {
      expect(maskUrl(start + secret + end)).toBe(`${start}***${end}`);
    }),
    { numRuns: 5000 },
  );
});

test('maskUrl() hides the password of every URL in a list or a text', () => {
  const text = fc.tuple(
    fc.array(url, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(',', ';', ' ', '\n', '", "', '|'),
  );
  fc.assert(
    fc.property(text, ([urls, separator]) => {
      const masked = maskUrl(urls.map(({ start, secret, end }) => start + secret + end).join(separator));
      expect(masked).not.toContain('zQ7');
      for (const { start } of urls) expect(masked).toContain(start);
    }),
    { numRuns: 5000 },
  );
});

test('listCredentials() finds the credentials of every URL', () => {
  expect(listCredentials('amqp://a:b@c,redis://:d@e postgres://f@g http://h')).toEqual([
    { user: 'a', password: 'b' },
    { user: '', password: 'd' },
  ]);
});

test('maskUrl() is done in time with long text', () => {
  const start = performance.now();
  for (const text of [
    'a-'.repeat(60_000),
    'a://'.repeat(30_000),
    'a://b:'.repeat(20_000),
    '@'.repeat(100_000),
    '?a='.repeat(40_000),
    'x://a?b=@'.repeat(10_000),
  ])
    maskUrl(text);
  for (const text of ['x://', 'x://a@', 'https://', 'https://a']) maskUrl(text + '?a=@b'.repeat(20_000));
  expect(performance.now() - start).toBeLessThan(2000);
});
