import { once } from 'node:events';
import { createServer } from 'node:net';
import { findFreePorts } from '../../../src/launch/environment/find-free-ports.ts';

test('findFreePorts() finds different ports that can be listened on at once', async () => {
  const ports = await findFreePorts(200);
  expect(new Set(ports).size).toBe(200);
  const servers = ports.map(port => createServer().listen(port, '127.0.0.1'));
  await Promise.all(servers.map(server => once(server, 'listening')));
  for (const server of servers) server.close();
});

test('findFreePorts() finds none when none is asked for', async () => {
  expect(await findFreePorts(0)).toEqual([]);
});
