import type { Endpoint } from '../process/table/read-sockets.ts';

/** The probes of this process reach the service, so its own connections tell what the name stands for. */
export function addressesBehind({ port }: Endpoint, ownPeers: readonly Endpoint[]): readonly string[] {
  return [...new Set(ownPeers.filter(peer => peer.port === port).map(({ host }) => host))];
}
