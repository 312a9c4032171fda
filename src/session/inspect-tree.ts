import type { Evidence, EvidenceProcess } from '../diagnose/evidence.ts';
import { maskCommand } from '../launch/mask-secrets.ts';
import { describeProcess } from '../process/describe-process.ts';
import { findHeldSockets } from '../process/find-socket-holders.ts';
import type { ProcessEntry } from '../process/process-identity.ts';
import { findWorkerTree } from '../process/worker-tree.ts';
import type { WorkerControl } from './worker-control.ts';

type Environment = Readonly<Record<string, string>>;

/** What can be seen of the processes of a launch from outside. */
interface InspectedTree extends Pick<Evidence, 'tree' | 'peers'> {
  /** Their own ends of their connections. */
  readonly localPorts: readonly number[];
}

/** The processes of a launch that are alive now, and where their connections lead. */
export function inspectTree({ running, logs }: WorkerControl, env: Environment): InspectedTree {
  if (!running) return { tree: [], peers: undefined, localPorts: [] };
  const { plan, leader } = running;
  const members = findWorkerTree({ id: plan.id, leader, logPaths: [logs.stdout.path, logs.stderr.path] });
  if (!members) return { tree: [], peers: undefined, localPorts: [] };
  const held = findHeldSockets(members.map(({ pid }) => pid));
  return {
    tree: members.map(member => presentProcess(member, env)),
    peers: held && [...new Map(held.peers.map(peer => [`${peer.host} ${peer.port}`, peer])).values()],
    localPorts: held?.localPorts ?? [],
  };
}

export function presentProcess(entry: ProcessEntry, env: Environment): EvidenceProcess {
  const { pid, command } = describeProcess(entry);
  return { pid, command: maskCommand(command.split(' '), env).join(' ') };
}
