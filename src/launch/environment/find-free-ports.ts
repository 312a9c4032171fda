import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { LiveWorkerError } from '../../errors.ts';

/** As many different TCP ports as asked for, which were free on 127.0.0.1 a moment ago. @throws LiveWorkerError PORT_UNAVAILABLE */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const server = createServer();
      servers.push(server);
      await listen(server);
    }
    return servers.map(server => (server.address() as AddressInfo).port);
  } finally {
    // Only now, or the kernel could hand out the same port twice.
    await Promise.all(servers.map(close));
  }
}

async function listen(server: Server): Promise<void> {
  try {
    server.listen({ port: 0, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    throw new LiveWorkerError(
      'PORT_UNAVAILABLE',
      `Cannot find a free port: the system refuses to listen on 127.0.0.1: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}
