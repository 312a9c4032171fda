import { describeAddress, parseBrokerTarget } from '../broker-address.ts';
import { askManagement } from './ask-management.ts';

/** One consumer, as the management API of a broker lists it. */
export interface ListedConsumer {
  readonly queue: string;
  /** The client's end of its connection. */
  readonly peerPort: number;
}

/**
 * The consumers of a vhost by the broker's management API, undefined when that does not answer within 500 ms. What it says
 * is some seconds old, so nothing may wait for it.
 *
 * @param url of the API, its user and password included; those of `brokerUrl` are taken where it has none
 */
export async function listConsumers(
  url: string,
  { brokerUrl, vhost }: { readonly brokerUrl: string; readonly vhost: string },
): Promise<readonly ListedConsumer[] | undefined> {
  const answer = await askManagement({ url, brokerUrl }, `consumers/${encodeURIComponent(vhost)}`);
  return Array.isArray(answer) ? answer.flatMap(toConsumer) : undefined;
}

/** Where the API is by default: 15672 on the broker's host, 15671 with TLS. */
export function managementUrl(brokerUrl: string): string {
  const { host, isTls } = parseBrokerTarget(brokerUrl);
  return isTls
    ? `https://${describeAddress({ host, port: 15_671 })}`
    : `http://${describeAddress({ host, port: 15_672 })}`;
}

function toConsumer(entry: unknown): readonly ListedConsumer[] {
  const { queue, channel_details: channel } = (entry ?? {}) as {
    readonly queue?: { readonly name?: unknown };
    readonly channel_details?: { readonly peer_port?: unknown };
  };
  if (typeof queue?.name !== 'string' || typeof channel?.peer_port !== 'number') return [];
  return [{ queue: queue.name, peerPort: channel.peer_port }];
}
