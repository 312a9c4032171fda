import { toMessage } from '../../src/testing/rabbitmq-message.ts';

const content = (body: string | Buffer, properties: object = {}) =>
  toMessage({
    content: Buffer.from(body),
    exchange: '',
    routingKey: 'q',
    redelivered: false,
    properties: { ...properties },
    deaths: [],
  }).content;

test.each([
  ['{"a":1}', {}, { a: 1 }],
  [' [1]', {}, [1]],
  ['{no json', {}, '{no json'],
  ['123', {}, '123'],
  ['123', { contentType: 'application/json' }, 123],
  ['"x"', { contentType: 'application/vnd.shop+json; charset=utf-8' }, 'x'],
  ['{"a":1}', { contentType: 'text/plain' }, '{"a":1}'],
  ['not json', { contentType: 'application/json' }, 'not json'],
  ['{"a":1}', { contentType: 'application/json', contentEncoding: 'utf-8' }, { a: 1 }],
  ['', {}, ''],
])('content of %j with %j is %j', (body, properties, wanted) => {
  expect(content(body, properties)).toEqual(wanted);
});

test('content that is no text, or compressed, is the Buffer', () => {
  expect(content(Buffer.from([0xff, 0xfe]))).toEqual(Buffer.from([0xff, 0xfe]));
  expect(content('{}', { contentEncoding: 'gzip' })).toEqual(Buffer.from('{}'));
});
