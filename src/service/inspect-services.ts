import type { Evidence, LeftOverMessages } from '../diagnose/evidence.ts';
import { findHeldSockets } from '../process/table/find-socket-holders.ts';
import type { Endpoint } from '../process/table/read-sockets.ts';
import { type QueueLedger, queueKey } from './queue-ledger.ts';
import { type AimedLaunch, type ServiceUse, servicesUsed } from './service-uses.ts';
import type { Services } from './services.ts';

/** What the probes of a launch are aimed at, and what was last seen there. */
export function inspectServices(
  prepared: AimedLaunch | undefined,
  services: Services,
  ledger: QueueLedger,
): Pick<Evidence, 'services' | 'queues' | 'leftOver'> {
  const uses = prepared ? servicesUsed(prepared) : [];
  const ownPeers = uses.length === 0 ? [] : (findHeldSockets([process.pid])?.peers ?? []);
  const brokers = new Set(uses.filter(({ kind }) => kind === 'rabbitmq').map(({ url }) => url));
  return {
    services: uses.map(use => {
      const endpoint = addressOf(use, services);
      return {
        kind: use.kind,
        endpoint,
        addresses: addressesBehind(endpoint, ownPeers),
        source: use.source,
        queues: use.kind === 'rabbitmq' ? use.probe.queues : [],
      };
    }),
    leftOver: uses.flatMap(use =>
      use.kind === 'rabbitmq' ? leftOverOn(use.probe.queues, use.url, ledger) : [],
    ),
    queues: [...brokers].flatMap(url =>
      [...services.broker(url).consumers].map(([queue, consumers]) => ({ queue, consumers })),
    ),
  };
}

function leftOverOn(
  queues: readonly string[],
  url: string,
  ledger: QueueLedger,
): readonly LeftOverMessages[] {
  return queues
    .map(queue => ({ queue, messages: ledger.leftOverOn(queueKey(url, queue)) }))
    .filter(({ messages }) => messages > 0);
}

/** The probes of this process reach the service, so its own connections tell what the name stands for. */
export function addressesBehind({ port }: Endpoint, ownPeers: readonly Endpoint[]): readonly string[] {
  return [...new Set(ownPeers.filter(peer => peer.port === port).map(({ host }) => host))];
}

function addressOf(use: ServiceUse, services: Services): Endpoint {
  const { host, port } =
    use.kind === 'rabbitmq' ? services.broker(use.url).address : services.database(use.url).address;
  return { host, port };
}
