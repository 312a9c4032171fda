import type { Evidence } from '../diagnose/evidence.ts';
import { findHeldSockets, findUnixListeners } from '../process/table/find-socket-holders.ts';
import { maskProcess } from '../process/table/mask-process.ts';
import type { Endpoint } from '../process/table/read-sockets.ts';
import { resolveWorkerMark } from '../process/tree/resolve-worker-mark.ts';
import { findWorkerTree } from '../process/tree/worker-tree.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { seeThroughTap } from './prepare/see-through-tap.ts';
import type { WorkerControl } from './runner/worker-control.ts';

/** What can be seen of the processes of a launch from outside. */
interface InspectedTree
  extends Pick<Evidence, 'tree' | 'peers' | 'listening' | 'connecting' | 'listeningPaths'> {
  /** Their own ends of their connections. */
  readonly localPorts: readonly number[];
  /** The other ends as the system has them: that of the tap, where there is one. */
  readonly rawPeers: readonly Endpoint[] | undefined;
}

/** The processes of a launch that are alive now, and where their connections lead, its tap aside. */
export function inspectTree({ running, logs, prepared }: WorkerControl, secrets: Secrets): InspectedTree {
  if (!running) return nothingSeen;
  const members = findWorkerTree(resolveWorkerMark(running, logs));
  if (!members) return nothingSeen;
  const pids = members.map(({ pid }) => pid);
  const held = findHeldSockets(pids);
  const opened = held?.peers.map((peer, index) => ({ peer, localPort: held.localPorts[index] ?? 0 }));
  const seen = opened && seeThroughTap(opened, prepared?.tap);
  return {
    tree: members.map(member => maskProcess(member, secrets)),
    peers: seen && unique(seen.map(({ peer }) => peer)),
    rawPeers: held?.peers,
    listening: held && unique(held.listening),
    connecting: held && unique(held.connecting),
    listeningPaths: findUnixListeners(pids).map(path => secrets.mask(path)),
    localPorts: seen?.map(({ localPort }) => localPort) ?? [],
  };
}

const nothingSeen: InspectedTree = {
  tree: [],
  peers: undefined,
  listening: undefined,
  connecting: undefined,
  listeningPaths: [],
  localPorts: [],
  rawPeers: undefined,
};

function unique(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map(endpoints.map(one => [`${one.host} ${one.port}`, one])).values()];
}
