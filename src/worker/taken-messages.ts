import { findConnectionHolders } from '../process/table/find-socket-holders.ts';
import type { TakenMessages } from '../service/service.ts';
import type { AmqpReading, TapReading } from '../tap/flow/tap-reading.ts';
import type { LaunchTap } from '../tap/launch-tap.ts';
import type { Unacknowledged } from '../tap/state/tap-sight.ts';

/** One connection of a worker, and what it has not acknowledged on it. */
interface TakingConnection {
  readonly listener: string;
  readonly clientPort: number;
  readonly vhost: string | undefined;
  readonly unacknowledged: readonly Unacknowledged[];
}

/** What a worker was sent through its tap and has not acknowledged, by queue and connection. */
export async function takenMessages(tap: LaunchTap | undefined): Promise<readonly TakenMessages[]> {
  if (!tap) return [];
  const connections = await takingConnections(tap);
  return connections.flatMap(({ listener, clientPort, vhost = '/', unacknowledged }) => {
    const leg = tap.legs.find(({ key }) => key === listener);
    if (!leg || !('host' in leg.address) || unacknowledged.length === 0) return [];
    const { address: broker, port } = leg;
    const [holder] = findConnectionHolders(clientPort, port);
    return unacknowledged.map(taken => ({ ...taken, broker, vhost, pid: holder?.pid }));
  });
}

/** A tap of this process is looked at, which takes no turn of its event loop; that of a worker of the run is asked. */
async function takingConnections(tap: LaunchTap): Promise<readonly TakingConnection[]> {
  const sight = tap.look();
  if (sight)
    return sight.connections.flatMap(({ listener, clientPort, amqp }) =>
      amqp ? [{ listener, clientPort, vhost: amqp.vhost, unacknowledged: amqp.unacknowledged }] : [],
    );
  const reading = await tap.read(Number.MAX_SAFE_INTEGER);
  return (reading?.connections ?? []).flatMap(({ listener, clientPort, amqp }) =>
    amqp && reading
      ? [{ listener, clientPort, vhost: amqp.vhost, unacknowledged: byQueue(amqp, reading) }]
      : [],
  );
}

function byQueue({ deliveries }: AmqpReading, { atMs: nowMs }: TapReading): readonly Unacknowledged[] {
  const queues = new Set(deliveries.map(({ queue }) => queue));
  return [...queues].map(queue => {
    const own = deliveries.filter(delivery => delivery.queue === queue);
    const oldestMs = nowMs - Math.min(...own.map(({ atMs }) => atMs));
    return { queue, messages: own.length, oldestMs };
  });
}
