import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const servers: Server[] = [];
const sockets = new Set<Socket>();

/** Addresses of servers that are none of ours: gone with `closeOddServers`. */
export const oddServers = {
  /** Accepts connections and says nothing. */
  silent: () => listen(createServer(() => {})),
  /** Closes every connection at once. */
  closing: () => listen(createServer(socket => socket.end())),
  /** Refuses so many logins with that SQLSTATE, then is the Postgres at that URL. */
  refusing: (sqlState: string, times: number, url: string) => {
    let left = times;
    return listen(
      createServer(socket => {
        left -= 1;
        if (left >= 0) socket.once('data', () => socket.end(errorResponse(sqlState)));
        else {
          const { hostname, port } = new URL(url);
          const real = connect(Number(port || 5432), hostname);
          real.on('error', () => socket.destroy()).on('close', () => socket.destroy());
          socket
            .on('close', () => real.destroy())
            .pipe(real)
            .pipe(socket);
        }
      }),
    );
  },
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

/** See the frontend/backend protocol in the manual of PostgreSQL, message ErrorResponse. */
function errorResponse(sqlState: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${sqlState}\0Mnot now\0\0`);
  const head = Buffer.from('E0000');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

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
