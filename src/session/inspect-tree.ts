import type { Evidence, EvidenceProcess } from '../diagnose/evidence.ts';
import type { SecretSource } from '../launch/list-secrets.ts';
import { maskCommandLine } from '../launch/mask-secrets.ts';
import { Secrets } from '../launch/secrets.ts';
import { describeProcess } from '../process/describe-process.ts';
import { findHeldSockets } from '../process/find-socket-holders.ts';
import { markLaunch } from '../process/mark-launch.ts';
import type { ProcessEntry } from '../process/process-identity.ts';
import { readEnvironment } from '../process/process-table.ts';
import { findWorkerTree } from '../process/worker-tree.ts';
import type { WorkerControl } from './worker-control.ts';

/** What can be seen of the processes of a launch from outside. */
interface InspectedTree extends Pick<Evidence, 'tree' | 'peers'> {
  /** Their own ends of their connections. */
  readonly localPorts: readonly number[];
}

/** The processes of a launch that are alive now, and where their connections lead. */
export function inspectTree({ running, logs }: WorkerControl, secrets: Secrets): InspectedTree {
  if (!running) return { tree: [], peers: undefined, localPorts: [] };
  const members = findWorkerTree(markLaunch(running, logs));
  if (!members) return { tree: [], peers: undefined, localPorts: [] };
  const held = findHeldSockets(members.map(({ pid }) => pid));
  return {
    tree: members.map(member => presentProcess(member, secrets)),
    peers: held && [...new Map(held.peers.map(peer => [`${peer.host} ${peer.port}`, peer])).values()],
    localPorts: held?.localPorts ?? [],
  };
}

/** Anybody's process: neither a secret that is known nor one of its own environment shows. */
export function presentProcess(entry: ProcessEntry, secrets = new Secrets()): EvidenceProcess {
  const { pid, command } = describeProcess(entry);
  const own = new Secrets(environmentOf(pid));
  return { pid, command: maskCommandLine(own.mask(secrets.mask(command)), own) };
}

function environmentOf(pid: number): readonly SecretSource[] {
  return readEnvironment(pid)
    .split('\0')
    .map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const)
    .filter(([name]) => name !== '');
}
