import { maskedUrl } from './masked-url.ts';
import { parseRequest } from './parse-request.ts';

test('parseRequest() needs everything unless told', () => {
  expect(parseRequest(['--', 'jest', '--need'])).toEqual({
    needs: ['rabbitmq', 'postgres', 'python', 'redis', 'nats', 'browser'],
    command: ['jest', '--need'],
  });
  expect(parseRequest(['--need', 'postgres', '--', 'jest']).needs).toEqual(['postgres']);
});

test.each([
  [['jest'], /no command/],
  [['--'], /no command/],
  [['--need', '--', 'jest'], /"--need" is not --need rabbitmq,postgres,python,redis,nats,browser/],
  [['--need', 'mysql', '--', 'jest'], /knows rabbitmq, postgres, python, redis, nats, browser, not "mysql"/],
])('parseRequest() refuses %j', (words, message) => {
  expect(() => parseRequest(words)).toThrow(message);
});

test.each([
  ['amqp://me:sesame@host/vhost', 'amqp://me:***@host/vhost'],
  ['postgres://me@host/name', 'postgres://me@host/name'],
  ['postgres://me:ses@me@host:x', 'postgres://***@host:x'],
])('maskedUrl() of %s keeps no password', (url, masked) => {
  expect(maskedUrl(url)).toBe(masked);
});
