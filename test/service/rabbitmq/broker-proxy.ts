import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';

/** Stands before a broker, for one test, and does to its connections what a network or an operator may do. */
export interface BrokerProxy {
  /** The URL of the broker, through the proxy. */
  readonly url: string;
  /** Cuts every connection, and accepts new ones. */
  cut(): void;
  /** Passes nothing on any more, as a paused container does. */
  freeze(): void;
  thaw(): void;
  /** Accepts no new connection until `thaw`. */
  refuse(): void;
  /** How many connections it has accepted. */
  readonly accepted: number;
  close(): void;
}

export async function standBefore(url: string, { delayMs = 0 } = {}): Promise<BrokerProxy> {
  const behind = new URL(url);
  const sockets = new Set<Socket>();
  let isRefusing = false;
  let accepted = 0;
  const server: Server = createServer(client => {
    if (isRefusing) {
      client.on('error', () => {}).destroy();
      return;
    }
    accepted += 1;
    const broker = new Socket();
    // A broker gives a login ten seconds from where it hears of it.
    const reach = () => broker.connect(Number(behind.port || 5672), behind.hostname);
    if (delayMs === 0) reach();
    else setTimeout(reach, delayMs);
    forward(client, broker);
    forward(broker, client);
  });
  function forward(from: Socket, to: Socket): void {
    sockets.add(from);
    from
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(from);
        setTimeout(() => to.destroy(), delayMs);
      })
      .on('data', piece => {
        if (delayMs === 0) to.write(piece);
        else setTimeout(() => to.destroyed || to.write(piece), delayMs);
      });
  }
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const before = new URL(url);
  before.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: before.href,
    cut,
    freeze: () => {
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      isRefusing = false;
      for (const socket of sockets) socket.resume();
    },
    refuse: () => {
      isRefusing = true;
    },
    get accepted() {
      return accepted;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
