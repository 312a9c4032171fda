import type { ProbeSpecOf } from '../../options/probe-options.ts';
import { fatal, type Probe, type ProbeAnswer, pending, ready } from '../../probe/probe.ts';
import type { LaunchTap, TapLeg } from '../../tap/launch-tap.ts';
import type { TapConnectionSight } from '../../tap/state/tap-sight.ts';
import type { TapBeside } from '../service.ts';
import { type BrokerAddress, describeAddress } from './broker-address.ts';
import type { BrokerConnection } from './broker-connection.ts';

export interface TapForProbe {
  readonly tap: TapBeside;
  readonly leg: TapLeg;
  /** The probe of a worker without a tap: asked where the tap cannot tell. */
  readonly counting: Probe;
}

/** The leg of a tap that leads to a broker. */
export function legTo(
  tap: LaunchTap,
  protocol: TapLeg['protocol'],
  { host, port }: Pick<BrokerAddress, 'host' | 'port'>,
): TapLeg | undefined {
  return tap.legs.find(
    ({ address, ...leg }) =>
      leg.protocol === protocol && 'host' in address && address.host === host && address.port === port,
  );
}

/** Ready when the broker has confirmed consumers on connections of this very worker: nobody else's count. */
export function tappedProbe(
  { queues, consumers }: Pick<ProbeSpecOf<'rabbitmq'>, 'queues' | 'consumers'>,
  connection: BrokerConnection,
  { tap, leg, counting }: TapForProbe,
): Probe {
  const { address } = connection;
  return {
    ...counting,
    description: queues.map(queue => describeWanted(queue, consumers)).join(' and '),
    async check(signal) {
      const sight = tap.look();
      const own = sight?.connections.filter(({ listener }) => listener === leg.key);
      if (!own || own.some(({ notUnderstood }) => notUnderstood !== undefined)) return counting.check(signal);
      const missing = queues.filter(queue => countConsumers(own, queue, address) < consumers);
      const [queue] = missing;
      if (queue === undefined) return ready;
      if (own.length > 0) return pending(describeMissing(queue, own, address));
      return await judgeAbsent({ tap, leg, counting, address, signal });
    },
  };
}

/** It has not come to the tap: whether it consumes all the same, the broker's count tells. */
async function judgeAbsent({
  tap,
  leg,
  counting,
  address,
  signal,
}: TapForProbe & { readonly address: BrokerAddress; readonly signal: AbortSignal }): Promise<ProbeAnswer> {
  const [name = ''] = leg.variables;
  const why = `the worker has not come to its tap, where ${name} leads it`;
  const isDirect = tap.directSockets()?.some(({ peer }) => peer.port === address.port) ?? false;
  if (!isDirect) return pending(why);
  const counted = await counting.check(signal);
  if (counted.kind !== 'ready') return pending(why);
  return fatal(`it consumes, but past its tap: it is connected to ${describeAddress(address)} itself`);
}

function countConsumers(
  connections: readonly TapConnectionSight[],
  queue: string,
  { vhost }: BrokerAddress,
): number {
  return connections
    .filter(({ amqp }) => amqp?.vhost === vhost)
    .flatMap(({ amqp }) => amqp?.consumers ?? [])
    .filter(consumer => consumer.queue === queue).length;
}

function describeMissing(
  queue: string,
  connections: readonly TapConnectionSight[],
  { vhost }: BrokerAddress,
): string {
  const others = connections.flatMap(({ amqp }) =>
    (amqp?.consumers ?? []).map(consumer => `"${consumer.queue}" in vhost "${amqp?.vhost}"`),
  );
  const what = `the worker does not consume "${queue}" in vhost "${vhost}"`;
  return others.length === 0
    ? `${what}, though it is connected`
    : `${what}, but ${[...new Set(others)].slice(0, 4).join(', ')}`;
}

function describeWanted(queue: string, consumers: number): string {
  return `queue "${queue}" has ${consumers} ${consumers === 1 ? 'consumer' : 'consumers'} of this worker`;
}
