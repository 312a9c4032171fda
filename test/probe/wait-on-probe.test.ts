import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitOnProbe } from '../../src/probe/wait-on-probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'wait-on-'));
const { signal } = new AbortController();
const ready = { kind: 'ready' };
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(server: Server, at: number | string = 0): Promise<number> {
  servers.push(server);
  await once(server.listen(at), 'listening');
  return (server.address() as AddressInfo).port;
}

test('waitOnProbe() is ready when the port accepts a connection', async () => {
  const server = createSocketServer();
  const port = await listen(server);
  const probe = waitOnProbe({ kind: 'tcp', host: '127.0.0.1', port }, folder);
  expect(await probe.check(signal)).toEqual(ready);
  await new Promise(resolve => server.close(resolve));
  const why = `nothing listens on 127.0.0.1:${port} (ECONNREFUSED)`;
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why });
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

test('waitOnProbe() is ready when a process listens on the socket', async () => {
  const probe = waitOnProbe({ kind: 'socket', path: 'ops.sock' }, folder);
  const why = `there is no socket at ${folder}/ops.sock (ENOENT)`;
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why });
  await listen(createSocketServer(), join(folder, 'ops.sock'));
  expect(await probe.check(signal)).toEqual(ready);
});

test('waitOnProbe() connects once in an attempt when it is to ask less often', async () => {
  let connections = 0;
  const server = createSocketServer(socket => {
    connections += 1;
    socket.on('error', () => {}).resetAndDestroy();
  });
  const port = await listen(server);
  const spec = { kind: 'tcp', host: '127.0.0.1', port, intervalMs: 1_000 } as const;
  await waitOnProbe(spec, folder).check(signal);
  expect(connections).toBe(1);
});

test('waitOnProbe() sees a file in one attempt, however seldom it is to ask', async () => {
  writeFileSync(join(folder, 'seldom.ready'), 'x');
  const probe = waitOnProbe({ kind: 'file', path: 'seldom.ready', intervalMs: 60_000 }, folder);
  expect(await probe.check(signal)).toEqual(ready);
});

test('waitOnProbe() gives up on what is no port', async () => {
  const probe = waitOnProbe({ kind: 'tcp', host: '127.0.0.1', port: 'none' }, folder);
  expect(await probe.check(signal)).toMatchObject({ kind: 'fatal', why: expect.stringContaining('none') });
});

test('waitOnProbe() leaves the attempt time to end by itself', async () => {
  const { attemptTimeoutMs } = waitOnProbe({ kind: 'file', path: 'x' }, folder);
  expect(attemptTimeoutMs).toBe(750);
});
