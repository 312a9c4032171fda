import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const servers: Server[] = [];
const sockets = new Set<Socket>();

/** Addresses of servers that are none of ours: gone with `closeOddServers`. */
export const oddServers = {
  /** Accepts connections and says nothing. */
  silent: () => listen(createServer(() => {})),
  /** Closes every connection at once. */
  closing: () => listen(createServer(socket => socket.end())),
  resetting: () => listen(createServer(socket => socket.resetAndDestroy())),
  http: () => listen(createHttpServer()),
  /** Nobody listens there any more. */
  async gone(): Promise<string> {
    const server = createServer();
    const address = await listen(server);
    await new Promise(resolve => server.close(resolve));
    return address;
  },
};

export function closeOddServers(): void {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
}

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
