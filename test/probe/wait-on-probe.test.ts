import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitOnProbe } from '../../src/probe/wait-on-probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'wait-on-'));
const { signal } = new AbortController();
const ready = { kind: 'ready' };
const servers: (Server & { closeAllConnections?(): void })[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections?.();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(server: Server, at: number | string = 0): Promise<number> {
  servers.push(server);
  await once(server.listen(at), 'listening');
  return (server.address() as AddressInfo).port;
}

async function serve(answer: RequestListener) {
  const url = `http://127.0.0.1:${await listen(createServer(answer))}/health`;
  return waitOnProbe({ kind: 'http', url }, folder);
}

test('waitOnProbe() is ready when the status is 2xx', async () => {
  const probe = await serve((_, response) => response.writeHead(204).end());
  expect(await probe.check(signal)).toEqual(ready);
  expect(probe.description).toMatch(/^GET http:\/\/127.0.0.1:\d+\/health answers with 2xx$/);
});

test('waitOnProbe() waits while the status is another one', async () => {
  let requests = 0;
  const methods = new Set<string | undefined>();
  const probe = await serve(({ method }, response) => {
    methods.add(method);
    requests += 1;
    response.writeHead(requests > 3 ? 200 : 503).end();
  });
  expect(await probe.check(signal)).toEqual(ready);
  expect(requests).toBe(4);
  expect(methods).toEqual(new Set(['GET']));
});

test('waitOnProbe() says what it sees, with one request at a time', async () => {
  const unwell = await serve((_, response) => response.writeHead(503).end());
  let open = 0;
  let most = 0;
  const mute = await serve(request => {
    open += 1;
    most = Math.max(most, open);
    request.socket.once('close', () => {
      open -= 1;
    });
  });
  const nobody = waitOnProbe({ kind: 'http', url: 'http://127.0.0.1:1/' }, folder);
  const answers = await Promise.all([unwell, mute, nobody].map(probe => probe.check(signal)));
  expect(answers).toEqual([
    { kind: 'pending', why: 'it answers with status 503' },
    { kind: 'pending', why: 'no answer' },
    { kind: 'pending', why: 'no answer' },
  ]);
  expect(most).toBeLessThanOrEqual(1);
});

test('waitOnProbe() is ready when the port accepts a connection', async () => {
  const server = createSocketServer();
  const port = await listen(server);
  const probe = waitOnProbe({ kind: 'tcp', host: '127.0.0.1', port }, folder);
  expect(await probe.check(signal)).toEqual(ready);
  await new Promise(resolve => server.close(resolve));
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why: 'no answer' });
});

test.each(['::1', 'localhost'])('waitOnProbe() connects to %s', async host => {
  const port = await listen(createSocketServer());
  expect(await waitOnProbe({ kind: 'tcp', host, port }, folder).check(signal)).toEqual(ready);
});

test('waitOnProbe() is ready when the file exists, from the cwd of the worker', async () => {
  const probe = waitOnProbe({ kind: 'file', path: 'ops.ready' }, folder);
  expect(probe.description).toBe(`file ${folder}/ops.ready exists`);
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why: 'it does not exist' });
  writeFileSync(join(folder, 'ops.ready'), '');
  expect(await probe.check(signal)).toEqual(ready);
});

test('waitOnProbe() is ready when somebody listens on the socket', async () => {
  const probe = waitOnProbe({ kind: 'socket', path: 'ops.sock' }, folder);
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why: 'no answer' });
  await listen(createSocketServer(), join(folder, 'ops.sock'));
  expect(await probe.check(signal)).toEqual(ready);
});

test('waitOnProbe() gives up on what is no port', async () => {
  const probe = waitOnProbe({ kind: 'tcp', host: '127.0.0.1', port: 'none' }, folder);
  expect(await probe.check(signal)).toMatchObject({ kind: 'fatal', why: expect.stringContaining('none') });
});

test('waitOnProbe() leaves the attempt time to end by itself', async () => {
  const { attemptTimeoutMs } = waitOnProbe({ kind: 'http', url: 'http://127.0.0.1/' }, folder);
  expect(attemptTimeoutMs).toBe(2_500);
});
