import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addressOf,
  closeAll,
  connectTo,
  openBetween,
  serve,
  startup,
  tapTo,
  upstreamOf,
} from './open-between.ts';

afterEach(closeAll);

const protocols = ['amqp', 'postgres'] as const;

test.each(protocols)(
  'FAULT 79: %s: bytes that nobody understands pass both ways as they are, and that is said once',
  async protocol => {
    const { client, server, said } = await openBetween(protocol);
    const [up, down] = [digestOf(server), digestOf(client)];
    const [sentUp, sentDown] = await Promise.all([sendRandom(client, 24), sendRandom(server, 24)]);
    expect(await Promise.all([up, down])).toEqual([sentUp, sentDown]);
    expect(said).toHaveLength(1);
  },
);

test.each(protocols)('FAULT 80: %s: who does not read is not sent more than sockets hold', async protocol => {
  const { client, server } = await openBetween(protocol);
  server.pause();
  const piece = Buffer.alloc(1_000_000);
  let sent = 0;
  // True where the kernel took it all at once; else what is left is taken as fast as the tap reads.
  while (sent < 200_000_000) {
    const isTaken = client.write(piece);
    sent += piece.length;
    if (isTaken) await pauseMs(1);
    else if (!(await Promise.race([once(client, 'drain'), pauseMs(500)]))) break;
  }
  expect(sent).toBeGreaterThan(1_000_000);
  expect(sent).toBeLessThan(50_000_000);
  let received = 0;
  server.on('data', bytes => {
    received += bytes.length;
  });
  server.resume();
  client.end();
  await once(server, 'end');
  expect(received).toBe(sent);
});

test.each(protocols)('FAULT 80: %s: the end of one direction leaves the other open', async protocol => {
  const { client, server } = await openBetween(protocol);
  server.resume();
  client.end();
  await once(server, 'end');
  server.write('later');
  const [bytes] = await once(client, 'data');
  expect(String(bytes)).toBe('later');
  server.end();
  await once(client, 'end');
});

test.each(protocols)('FAULT 80: %s: a reset reaches the other side as one', async protocol => {
  const first = await openBetween(protocol);
  first.server.resetAndDestroy();
  expect(await failureOf(first.client)).toBe('ECONNRESET');
  const second = await openBetween(protocol);
  second.server.resume();
  second.client.resetAndDestroy();
  expect(await failureOf(second.server)).toBe('ECONNRESET');
});

test('a service that nobody listens for is one that resets, and is named', async () => {
  const gone = await serve(() => {});
  const address = addressOf(gone);
  gone.close();
  await once(gone, 'close');
  const { listener } = await tapTo(upstreamOf('amqp', address));
  expect(await failureOf(connectTo(listener.port))).toBe('ECONNRESET');
  expect(listener.sight().listener).toMatchObject({ arrivals: 1, unreachable: 'ECONNREFUSED' });
  listener.beginLaunch();
  expect(listener.sight().listener).toEqual({ key: expect.any(String), port: listener.port, arrivals: 0 });
});

test('a service may listen on a Unix socket', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-tap-'));
  const path = join(folder, '.s.PGSQL.5432');
  await serve(socket => socket.pipe(socket), path);
  const { listener } = await tapTo(upstreamOf('postgres', { path }));
  const client = connectTo(listener.port);
  client.write(startup);
  const [bytes] = await once(client, 'data');
  expect(bytes).toEqual(startup);
  rmSync(folder, { recursive: true });
});

test('questions about encryption are answered with no, however they are cut, and do not reach the service', async () => {
  const service = await serve(socket => socket.pipe(socket));
  const { listener, said } = await tapTo(upstreamOf('postgres', addressOf(service)));
  const client = connectTo(listener.port);
  const ssl = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
  const gss = Buffer.from([0, 0, 0, 8, 4, 210, 22, 48]);
  client.write(gss.subarray(0, 3));
  await pauseMs(20);
  client.write(gss.subarray(3));
  expect(String((await once(client, 'data'))[0])).toBe('N');
  client.write(ssl);
  expect(String((await once(client, 'data'))[0])).toBe('N');
  client.write(startup);
  expect((await once(client, 'data'))[0]).toEqual(startup);
  expect(said).toEqual([expect.stringMatching(/^a message/)]);
});

test('closing a listener ends its connections on both sides', async () => {
  const { client, server, listener } = await openBetween('amqp');
  const ends = [once(client, 'close'), once(server.resume(), 'end')];
  listener.close();
  client.resume();
  client.once('end', () => client.end());
  await Promise.all(ends);
});

/** @returns the digest of what was sent, so many MB of it in pieces of any size; then its direction ends */
async function sendRandom(socket: Socket, megabytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let left = megabytes * 1_000_000; left > 0; ) {
    const piece = randomBytes(Math.min(left, 1 + Math.floor(Math.random() * 300_000)));
    hash.update(piece);
    left -= piece.length;
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  return hash.digest('hex');
}

async function digestOf(socket: Socket): Promise<string> {
  const hash = createHash('sha256');
  socket.on('data', piece => hash.update(piece));
  await once(socket, 'end');
  return hash.digest('hex');
}

async function failureOf(socket: Socket): Promise<string> {
  const [error] = await once(socket, 'close').then(
    () => [{ code: 'closed in order' }],
    reason => [reason],
  );
  return (error as NodeJS.ErrnoException).code ?? 'no code';
}

function pauseMs(ms: number): Promise<false> {
  return new Promise(resolve => setTimeout(() => resolve(false), ms));
}
