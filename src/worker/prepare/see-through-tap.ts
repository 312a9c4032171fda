import type { OpenedSocket } from '../../probe/probe-context.ts';
import type { Endpoint } from '../../process/table/read-sockets.ts';
import { type LaunchTap, legAt } from '../../tap/launch-tap.ts';

/** The connections of a worker as they would be without its tap: where they lead in the end, and by which port the service knows them. */
export function seeThroughTap(
  sockets: readonly OpenedSocket[],
  tap: LaunchTap | undefined,
): readonly OpenedSocket[] {
  if (!tap) return sockets;
  const sight = tap.look();
  return sockets.flatMap(socket => {
    const leg = legAt(tap.legs, socket.peer);
    if (!leg) return [socket];
    const joined = sight?.connections.find(
      ({ listener, clientPort }) => listener === leg.key && clientPort === socket.localPort,
    );
    if (!('host' in leg.address)) return [];
    return [{ peer: leg.address, localPort: joined?.upstreamPort ?? 0 }];
  });
}

/** Those that do not lead to the tap. */
export function pastTap<Peer extends Endpoint>(peers: readonly Peer[], tap: LaunchTap): readonly Peer[] {
  return peers.filter(peer => !legAt(tap.legs, peer));
}
