import { findConnectionHolders } from '../process/table/find-socket-holders.ts';
import type { TakenMessages } from '../service/service.ts';
import type { LaunchTap } from '../tap/launch-tap.ts';

/** What a worker was sent through its tap and has not acknowledged, by queue and connection. */
export function takenMessages(tap: LaunchTap | undefined): readonly TakenMessages[] {
  const sight = tap?.look();
  if (!tap || !sight) return [];
  return sight.connections.flatMap(({ listener, clientPort, amqp }) => {
    const leg = tap.legs.find(({ key }) => key === listener);
    if (!leg || !('host' in leg.address) || !amqp || amqp.unacknowledged.length === 0) return [];
    const { address: broker, port } = leg;
    const [holder] = findConnectionHolders(clientPort, port);
    return amqp.unacknowledged.map(taken => ({
      ...taken,
      broker,
      vhost: amqp.vhost ?? '/',
      pid: holder?.pid,
    }));
  });
}
