import type { EvidenceLeg, EvidenceTap } from '../diagnose/evidence.ts';
import type { Endpoint } from '../process/table/read-sockets.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { type LaunchTap, type TapLeg, tapHost } from '../tap/launch-tap.ts';
import { describeUpstream } from '../tap/proxy/upstream.ts';
import type { TapSight } from '../tap/state/tap-sight.ts';
import { pastTap } from './prepare/see-through-tap.ts';

/** What the tap of a launch saw, without secrets. @param peers of the worker's processes, as the system has them */
export function tapEvidence(
  tap: LaunchTap,
  sight: TapSight,
  { peers, secrets }: { readonly peers: readonly Endpoint[] | undefined; readonly secrets: Secrets },
): EvidenceTap {
  return {
    legs: tap.legs.map(leg => describeLeg(leg, sight)),
    direct: peers && pastTap(peers, tap),
    refusals: sight.refusals.flatMap(({ listener, text, statement, ...refusal }) => {
      const leg = tap.legs.find(({ key }) => key === listener);
      if (!leg) return [];
      return [
        {
          ...refusal,
          protocol: leg.protocol,
          service: describeUpstream(leg.address),
          text: secrets.quote(text),
          ...(statement === undefined ? {} : { statement: secrets.quote(oneLine(statement)) }),
        },
      ];
    }),
  };
}

function describeLeg({ key, port, protocol, address, variables }: TapLeg, sight: TapSight): EvidenceLeg {
  const listener = sight.listeners.find(one => one.key === key);
  return {
    protocol,
    service: describeUpstream(address),
    endpoint: 'host' in address ? address : undefined,
    entrance: { host: tapHost, port },
    variables,
    arrivals: listener?.arrivals ?? 0,
    unreachable: listener?.unreachable,
    brokers: sight.connections.flatMap(({ listener: of, amqp }) =>
      of === key && amqp?.isOpen
        ? [{ user: amqp.user, vhost: amqp.vhost, queues: amqp.consumers.map(({ queue }) => queue) }]
        : [],
    ),
  };
}

const longestStatement = 200;

function oneLine(statement: string): string {
  const text = statement.replace(/\s+/g, ' ').trim();
  return text.length > longestStatement ? `${text.slice(0, longestStatement)}…` : text;
}
