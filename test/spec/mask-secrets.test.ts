import { maskSecrets } from '../../src/spec/mask-secrets.ts';

test.each([
  ['amqp://guest:secret@localhost:5672/vhost', 'amqp://guest:***@localhost:5672/vhost'],
  ['amqp://guest:s@cret/x@localhost', 'amqp://guest:***@localhost'],
  ['postgres://localhost/db?password=secret&a=1', 'postgres://localhost/db?password=***&a=1'],
  ['host=localhost passwd=secret user=me', 'host=localhost passwd=*** user=me'],
  ['--token=secret', '--token=***'],
  ['http://localhost:3000/health', 'http://localhost:3000/health'],
  ['amqp://guest@localhost', 'amqp://guest@localhost'],
  ['a:b@c', 'a:b@c'],
])('maskSecrets() turns %s into %s', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
});

test('maskSecrets() takes linear time', () => {
  const text = '://a:password'.repeat(20_000);
  const start = performance.now();
  maskSecrets(text);
  expect(performance.now() - start).toBeLessThan(5_000);
});
