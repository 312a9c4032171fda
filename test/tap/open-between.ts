import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Journal } from '../../src/tap/flow/journal.ts';
import type { Reached } from '../../src/tap/hold/hold-messages.ts';
import { WorkerHold } from '../../src/tap/hold/worker-hold.ts';
import { openListener, type TapListener } from '../../src/tap/proxy/open-listener.ts';
import type { Upstream } from '../../src/tap/proxy/upstream.ts';

const open: { close(): unknown }[] = [];

/** What the last tests opened. */
export function closeAll(): void {
  for (const one of open.splice(0)) one.close();
}

export function upstreamOf(
  protocol: Upstream['protocol'],
  address: Upstream['address'],
  given: Partial<Upstream> = {},
): Upstream {
  return { protocol, address, encryption: 'never', tls: {}, ...given };
}

export interface Between {
  readonly client: Socket;
  /** The end of the connection at the service. */
  readonly server: Socket;
  readonly listener: TapListener;
  readonly said: string[];
  readonly hold: WorkerHold;
  /** By the number of the watch, what was reached. */
  readonly reached: Map<number, Reached>;
}

/** A client, a tap, and a service that the test plays itself. */
export async function openBetween(protocol: Upstream['protocol']): Promise<Between> {
  const service = await serve(() => {});
  const accepted = once(service, 'connection');
  const { listener, said, hold, reached } = await tapTo(upstreamOf(protocol, addressOf(service)));
  const client = connectTo(listener.port);
  if (protocol === 'postgres') client.write(startup);
  const [server] = (await accepted) as [Socket];
  keep(server);
  if (protocol === 'postgres') await once(server, 'data');
  return { client, server, listener, said, hold, reached };
}

/** `user=u`, as a client of Postgres begins. */
export const startup = Buffer.from('\0\0\0\x10\0\x03\0\0user\0u\0\0', 'latin1');

export async function tapTo(
  upstream: Upstream,
): Promise<Pick<Between, 'listener' | 'said' | 'hold' | 'reached'>> {
  const said: string[] = [];
  const reached = new Map<number, Reached>();
  const hold = new WorkerHold((number, point) => reached.set(number, point));
  const listener = await openListener(upstream, {
    onNotUnderstood: why => said.push(why),
    journal: new Journal(),
    hold,
  });
  open.push(listener);
  return { listener, said, hold, reached };
}

export async function serve(accept: (socket: Socket) => void, at: number | string = 0): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, accept);
  open.push(server);
  await once(typeof at === 'string' ? server.listen(at) : server.listen(at, '127.0.0.1'), 'listening');
  return server;
}

export function addressOf(server: Server): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

export function connectTo(port: number): Socket {
  return keep(connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
}

function keep(socket: Socket): Socket {
  open.push({ close: () => socket.destroy() });
  return socket.on('error', () => {});
}
