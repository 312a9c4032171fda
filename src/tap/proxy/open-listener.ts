import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Side } from '../amqp/amqp-event.ts';
import type { Journal } from '../flow/journal.ts';
import type { TapConnectionReading } from '../flow/tap-reading.ts';
import { ConnectionGate } from '../hold/connection-gate.ts';
import type { WorkerHold } from '../hold/worker-hold.ts';
import { tapHost } from '../launch-tap.ts';
import { Refusals } from '../state/refusals.ts';
import type { TapConnectionSight, TapListenerSight, TapRefusal } from '../state/tap-sight.ts';
import { answerEncryption } from './answer-encryption.ts';
import { ChannelBindingFilter } from './channel-binding-filter.ts';
import { connectUpstream } from './connect-upstream.ts';
import { mostBuffered, type Passage, passBytes, reset } from './pass-bytes.ts';
import { type TappedConnection, tappedConnection } from './tapped-connection.ts';
import { type Upstream, upstreamKey } from './upstream.ts';

export interface ListenerOptions {
  /** A connection has become a pipe. */
  readonly onNotUnderstood: (why: string) => void;
  /** Of the worker. */
  readonly journal: Journal;
  /** That of the worker, over all its connections. */
  readonly hold: WorkerHold;
}

/** Stands between a worker and one service. */
export interface TapListener {
  readonly port: number;
  sight(): {
    readonly listener: TapListenerSight;
    readonly connections: readonly TapConnectionSight[];
    readonly refusals: readonly TapRefusal[];
  };
  /** Its connections for the journal. */
  readings(): readonly TapConnectionReading[];
  /** A launch begins: arrivals and refusals are those of the one before. */
  beginLaunch(): void;
  /** Ends every connection. */
  close(): void;
}

interface OpenConnection {
  readonly client: Socket;
  readonly clientPort: number;
  readonly number: number;
  readonly tapped: TappedConnection;
  readonly gate: ConnectionGate;
  upstream: Socket | undefined;
}

/** Listens on the loopback interface, on a free port. */
export async function openListener(
  upstream: Upstream,
  { onNotUnderstood, journal, hold }: ListenerOptions,
): Promise<TapListener> {
  const key = upstreamKey(upstream);
  const open = new Set<OpenConnection>();
  const refusals = new Refusals();
  let arrivals = 0;
  let unreachable: string | undefined;

  const read = ({ number, clientPort, tapped }: OpenConnection): TapConnectionReading => ({
    connection: number,
    listener: key,
    clientPort,
    isOpen: true,
    ...tapped.reading(ms => journal.toMachineMs(ms)),
  });

  const accept = (client: Socket) => {
    arrivals += 1;
    if (hold.isFrozen) {
      reset(client);
      return;
    }
    const { connection: number, sink } = journal.openConnection();
    const tapped: TappedConnection = tappedConnection(upstream.protocol, {
      onRefusal: refusal => refusals.note({ listener: key, ...refusal, atMs: performance.now() }),
      onNotUnderstood,
      onEvent: event => gate.hear(event),
      sink,
    });
    const gate = new ConnectionGate({ listener: key, tapped, judge: hold });
    const connection: OpenConnection = {
      client,
      clientPort: client.remotePort ?? 0,
      number,
      tapped,
      gate,
      upstream: undefined,
    };
    open.add(connection);
    client
      .on('error', () => {})
      .once('close', () => {
        open.delete(connection);
        tapped.end();
        journal.closeConnection({ ...read(connection), isOpen: false });
      });
    join(connection, upstream, hold).catch((error: Error & { readonly code?: string }) => {
      unreachable = error.code ?? error.message;
      reset(client);
    });
  };

  const server = createServer(
    { allowHalfOpen: true, pauseOnConnect: true, noDelay: true, highWaterMark: mostBuffered },
    accept,
  );
  server.listen(0, tapHost);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    port,
    sight: () => ({
      listener: { key, port, arrivals, ...(unreachable === undefined ? {} : { unreachable }) },
      connections: [...open].map(({ clientPort, tapped, upstream: joined }) => ({
        listener: key,
        clientPort,
        upstreamPort: joined?.localPort,
        ...tapped.sight(performance.now()),
      })),
      refusals: refusals.list(performance.now()),
    }),
    readings: () => [...open].map(read),
    beginLaunch() {
      arrivals = 0;
      unreachable = undefined;
      refusals.forget();
    },
    close() {
      server.close();
      for (const { client, upstream: joined } of open) {
        client.destroy();
        joined?.destroy();
      }
    },
  };
}

async function join(connection: OpenConnection, upstream: Upstream, hold: WorkerHold): Promise<void> {
  const { client, tapped, gate } = connection;
  const { bytes, asksTls } =
    upstream.protocol === 'postgres'
      ? await answerEncryption(client)
      : { bytes: Buffer.alloc(0), asksTls: false };
  if (client.destroyed) return;
  const server = await connectUpstream(upstream, {
    isAsked: asksTls,
    onSocket(socket) {
      connection.upstream = socket;
      socket.on('error', () => {});
    },
  });
  if (client.destroyed || hold.isFrozen) {
    server.destroy();
    reset(client);
    return;
  }
  gate.join(client, server);
  hold.add(gate);
  const filter = 'encrypted' in server ? new ChannelBindingFilter() : undefined;
  if (bytes.length > 0) {
    tapped.from('client', bytes);
    server.write(bytes);
  }
  passBytes(client, server, passageOf(gate, 'client'));
  const fromServer = passageOf(gate, 'server');
  passBytes(server, client, {
    ...fromServer,
    see: piece => fromServer.see(filter?.pass(piece) ?? piece),
  });
  if (client.readableEnded) server.end();
  server.resume();
  client.resume();
}

function passageOf(gate: ConnectionGate, side: Side): Passage {
  return {
    see: piece => gate.pass(side, piece),
    seeEnd: end => gate.passEnd(side, end),
    isHeld: () => gate.isHeld(side),
  };
}
