import type { Client } from 'pg';
import type { DatabaseLogin } from './database-login.ts';

const limitMs = 500;

/**
 * Asks the server to cancel what a connection does, by a connection of its own. Resolves when the server has taken it, and
 * never rejects: whether it helped shows in the query.
 *
 * Source: PostgreSQL manual, 55.2.8, "Canceling Requests in Progress".
 */
export async function cancelQuery(client: Client, { host, hostAddress, port }: DatabaseLogin): Promise<void> {
  const { connect } = await import('node:net');
  const address = host.startsWith('/')
    ? { path: `${host}/.s.PGSQL.${port}` }
    : { host: hostAddress ?? host.replace(/^\[|\]$/g, ''), port };
  await new Promise<void>(resolve => {
    const socket = connect(address, () => socket.write(cancelRequest(client)));
    const timer = setTimeout(() => socket.destroy(), limitMs);
    // The server answers by closing.
    socket
      .on('error', () => {})
      .on('data', () => {})
      .on('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function cancelRequest(client: Client): Buffer {
  const { processID, secretKey } = client as unknown as {
    readonly processID: number;
    readonly secretKey: number;
  };
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80_877_102, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  return request;
}
