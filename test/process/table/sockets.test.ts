import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  findClients,
  findHeldSockets,
  findListeners,
  findUnixListeners,
} from '../../../src/process/table/find-socket-holders.ts';
import { readProcessEntry } from '../../../src/process/table/process-identity.ts';
import {
  initialVariable,
  isOfOurNamespace,
  readProcessTable,
} from '../../../src/process/table/process-table.ts';
import { readProcessDetails } from '../../../src/process/table/read-process-details.ts';
import { readSockets } from '../../../src/process/table/read-sockets.ts';
import { startShell, uniqueSleep, untilSeen } from '../own-processes.ts';

const sockets: Socket[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string): Promise<number> {
  const server = createServer(socket => sockets.push(socket));
  servers.push(server);
  await once(server.listen(0, host), 'listening');
  return (server.address() as AddressInfo).port;
}

async function connected(port: number, host: string): Promise<Socket> {
  const socket = connect(port, host);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

test('readSockets() reads addresses, ports and states of both families', async () => {
  const port = await listen('127.0.0.1');
  const { localPort } = await connected(port, '127.0.0.1');
  const seen = readSockets() ?? [];
  expect(seen.find(({ local, state }) => local.port === port && state === 'listening')).toMatchObject({
    local: { host: '127.0.0.1', port },
    peer: { host: '0.0.0.0', port: 0 },
  });
  expect(seen.find(({ local }) => local.port === localPort)).toMatchObject({
    state: 'established',
    local: { host: '127.0.0.1', port: localPort },
    peer: { host: '127.0.0.1', port },
  });
});

test('readSockets() shows an IPv4 connection to an IPv6 socket as what it is', async () => {
  const port = await listen('::');
  const { localPort } = await connected(port, '127.0.0.1');
  const accepted = readSockets()?.find(({ local, peer }) => local.port === port && peer.port === localPort);
  expect(accepted).toMatchObject({ local: { host: '127.0.0.1' }, peer: { host: '127.0.0.1' } });
});

test('findHeldSockets() tells what a process opened from what it accepted', async () => {
  const port = await listen('127.0.0.1');
  await connected(port, '127.0.0.1');
  const held = findHeldSockets([process.pid]);
  expect(held?.listeningPorts).toEqual([port]);
  expect(held?.peers.filter(peer => peer.port === port)).toEqual([{ host: '127.0.0.1', port }]);
  expect(findHeldSockets([])).toEqual({
    peers: [],
    localPorts: [],
    listeningPorts: [],
    listening: [],
    connecting: [],
  });
});

test('findListeners() and findClients() find who holds a port', async () => {
  const port = await listen('127.0.0.1');
  expect(findListeners(port).map(({ pid }) => pid)).toEqual([process.pid]);
  expect(findClients(port, ['127.0.0.1'])).toEqual([]);
  await connected(port, '127.0.0.1');
  expect(findClients(port, ['127.0.0.1']).map(({ pid }) => pid)).toEqual([process.pid]);
  expect(findClients(port, ['127.0.0.2'])).toEqual([]);
  expect(findListeners(1)).toEqual([]);
});

test('readProcessDetails() says what runs and since when', async () => {
  const nap = uniqueSleep();
  const { pid } = startShell(`exec ${nap}`, { env: { WORKER: 'ops', EMPTY: '' } });
  await untilSeen(nap);
  const entry = readProcessEntry(pid);
  if (!entry) throw new Error('it is gone');
  expect(readProcessDetails(entry)).toMatchObject({ pid, command: nap });
  expect(readProcessDetails(entry).ageSeconds).toBeLessThan(60);
  expect(readProcessDetails({ ...entry, startTime: 0 }).ageSeconds).toBeGreaterThan(60);
  expect(['WORKER', 'EMPTY', 'WORK'].map(name => initialVariable(pid, name))).toEqual(['ops', '', undefined]);
  expect(isOfOurNamespace(pid)).toBe(true);
});

test('readProcessDetails() names what has no command line any more', async () => {
  const { pid } = startShell('sleep 0 & exec sleep 20');
  const findZombie = () => readProcessTable()?.find(({ parent, state }) => parent === pid && state === 'Z');
  let zombie = findZombie();
  while (zombie === undefined) {
    await nextTurn();
    zombie = findZombie();
  }
  expect(readProcessDetails(zombie).command).toBe('[sleep]');
  expect(readProcessDetails({ ...zombie, pid: 2 ** 30 }).command).toBe('[ended meanwhile]');
});

test('findHeldSockets() tells which addresses are listened on, and who does not take a connection', async () => {
  const [first, second] = [await listen('127.0.0.1'), await listen('::1')];
  const held = findHeldSockets([process.pid]);
  expect(held?.listening).toEqual(
    expect.arrayContaining([
      { host: '127.0.0.1', port: first },
      { host: '::1', port: second },
    ]),
  );
  expect(held?.connecting).toEqual([]);
});

test('findUnixListeners() names the paths of those that listen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unix listeners '));
  try {
    const path = join(folder, 'a.sock');
    const server = createServer(socket => sockets.push(socket));
    servers.push(server);
    await once(server.listen(path), 'listening');
    const client = connect(path);
    sockets.push(client);
    await once(client, 'connect');
    expect(findUnixListeners([process.pid])).toEqual([path]);
    expect(findUnixListeners([])).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
