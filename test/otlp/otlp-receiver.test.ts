import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OtlpReceiver } from '../../src/otlp/otlp-receiver.ts';
import type { SpanBatch } from '../../src/otlp/span.ts';
import { ids, request, span } from './encode-protobuf.ts';

const batches: [string, SpanBatch][] = [];
const refused: string[] = [];
const receiver = new OtlpReceiver({
  onSpans: async (worker, batch) => void batches.push([worker, batch]),
  onRefused: (worker, why) => refused.push(`${worker}: ${why}`),
});
let endpoint: string;

beforeAll(async () => {
  endpoint = await receiver.endpointOf('ops');
});
beforeEach(() => {
  batches.length = 0;
  refused.length = 0;
});
afterAll(() => receiver.close());

const protobuf = { 'content-type': 'application/x-protobuf' };
const json = { 'content-type': 'application/json' };
const big = 16 * 1024 * 1024 + 1;

async function post(
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>> = protobuf,
  path = '/v1/traces',
) {
  const response = await fetch(`${endpoint}${path}`, { method: 'POST', body: body as never, headers });
  return { status: response.status, text: await response.text() };
}

test('takes protobuf, packed or not, from the worker whose endpoint it is', async () => {
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\da-f]{16}\/ops$/);
  expect(await post(request(span()))).toEqual({ status: 200, text: '' });
  expect(await post(gzipSync(request(span())), { ...protobuf, 'content-encoding': 'gzip' })).toEqual({
    status: 200,
    text: '',
  });
  const batch = { spans: [expect.objectContaining({ traceId: ids.trace, service: 'shop' })], leftOut: 0 };
  expect(batches).toEqual([
    ['ops', batch],
    ['ops', batch],
  ]);
});

test('takes JSON, and answers in it', async () => {
  const body = JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: ids.trace, spanId: ids.span }] }] }],
  });
  expect(await post(body, { 'content-type': 'application/json; charset=utf-8' })).toEqual({
    status: 200,
    text: '{}',
  });
  expect(batches).toMatchObject([['ops', { spans: [{ spanId: ids.span }] }]]);
});

test('answers metrics and logs, and forgets them', async () => {
  expect(await post('anything', protobuf, '/v1/metrics')).toEqual({ status: 200, text: '' });
  expect(await post('anything', json, '/v1/logs')).toEqual({ status: 200, text: '{}' });
  expect(batches).toEqual([]);
});

test.each<[string, number, () => ReturnType<typeof post>]>([
  ['another path', 404, () => post('', protobuf, '/v1/profiles')],
  ['no protobuf', 400, () => post('{}')],
  ['no JSON', 400, () => post('\n', json)],
  ['another content type', 415, () => post('x', { 'content-type': 'text/plain' })],
  ['another encoding', 415, () => post('x', { ...protobuf, 'content-encoding': 'br' })],
  ['what is no gzip', 400, () => post('x', { ...protobuf, 'content-encoding': 'gzip' })],
  ['a body over 16 MB', 413, () => post(Buffer.alloc(big))],
  [
    'one that is small until it is unpacked',
    413,
    () => post(gzipSync(Buffer.alloc(big)), { ...protobuf, 'content-encoding': 'gzip' }),
  ],
])('refuses %s', async (_, status, send) => {
  const answer = await send();
  expect(answer).toEqual({ status, text: expect.stringMatching(/\S/) });
  expect(batches).toEqual([]);
  expect(refused).toHaveLength(status === 404 ? 0 : 1);
});

test('refuses a body over 16 MB that does not say how long it is', async () => {
  const { port, pathname } = new URL(`${endpoint}/v1/traces`);
  const sending = httpRequest({ port, path: pathname, method: 'POST', headers: protobuf });
  sending.on('error', () => {});
  for (let sent = 0; sent < 18; sent += 1) sending.write(Buffer.alloc(1024 * 1024));
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(413);
  sending.destroy();
});

test('knows no other run and no other method', async () => {
  const { origin } = new URL(endpoint);
  const other = `${origin}/0123456789abcdef/ops/v1/traces`;
  expect((await fetch(other, { method: 'POST', body: '', headers: protobuf })).status).toBe(404);
  expect((await fetch(`${endpoint}/v1/traces`)).status).toBe(405);
});

test('outlives what is no HTTP, and clients that go away', async () => {
  const { port } = new URL(endpoint);
  for (const bytes of ['\x16\x03\x01\x02\0\x01', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'POST / HTTP/1.1\r\n']) {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.end(bytes);
    socket.resume();
    await once(socket, 'close');
  }
  const { pathname } = new URL(`${endpoint}/v1/traces`);
  const half = httpRequest({ port, path: pathname, method: 'POST', headers: protobuf });
  half.on('error', () => {});
  await new Promise<void>(resolve => half.write('half a body', () => resolve()));
  half.destroy();
  expect((await post(request(span()))).status).toBe(200);
});

test('what is under way when it closes is written down', async () => {
  const { promise, resolve } = withResolvers();
  const began = withResolvers();
  const events: string[] = [];
  const own = new OtlpReceiver({
    async onSpans() {
      began.resolve();
      await promise;
      // Longer than connections take to end.
      for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
      events.push('recorded');
    },
    onRefused() {},
  });
  const place = await own.endpointOf('ops');
  const sending = fetch(`${place}/v1/traces`, { method: 'POST', body: request(span()), headers: protobuf });
  await began.promise;
  const closing = own.close().then(() => events.push('closed'));
  resolve();
  await Promise.all([closing, sending.catch(() => {})]);
  expect(events).toEqual(['recorded', 'closed']);
});

test('one that never listened closes too', async () => {
  await new OtlpReceiver({ onSpans: async () => {}, onRefused() {} }).close();
});

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}
