import type { Evidence, EvidenceProcess } from '../diagnose/evidence.ts';
import type { SecretSource } from '../launch/list-secrets.ts';
import { maskCommandLine } from '../launch/mask-secrets.ts';
import { Secrets } from '../launch/secrets.ts';
import { describeProcess } from '../process/describe-process.ts';
import { findHeldSockets, findUnixListeners } from '../process/find-socket-holders.ts';
import { markLaunch } from '../process/mark-launch.ts';
import type { ProcessEntry } from '../process/process-identity.ts';
import { readEnvironment } from '../process/process-table.ts';
import type { Endpoint } from '../process/read-sockets.ts';
import { findWorkerTree } from '../process/worker-tree.ts';
import type { WorkerControl } from './worker-control.ts';

/** What can be seen of the processes of a launch from outside. */
interface InspectedTree
  extends Pick<Evidence, 'tree' | 'peers' | 'listening' | 'connecting' | 'listeningPaths'> {
  /** Their own ends of their connections. */
  readonly localPorts: readonly number[];
}

/** The processes of a launch that are alive now, and where their connections lead. */
export function inspectTree({ running, logs }: WorkerControl, secrets: Secrets): InspectedTree {
  if (!running) return nothingSeen;
  const members = findWorkerTree(markLaunch(running, logs));
  if (!members) return nothingSeen;
  const pids = members.map(({ pid }) => pid);
  const held = findHeldSockets(pids);
  return {
    tree: members.map(member => presentProcess(member, secrets)),
    peers: held && unique(held.peers),
    listening: held && unique(held.listening),
    connecting: held && unique(held.connecting),
    listeningPaths: findUnixListeners(pids).map(path => secrets.mask(path)),
    localPorts: held?.localPorts ?? [],
  };
}

const nothingSeen: InspectedTree = {
  tree: [],
  peers: undefined,
  listening: undefined,
  connecting: undefined,
  listeningPaths: [],
  localPorts: [],
};

function unique(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map(endpoints.map(one => [`${one.host} ${one.port}`, one])).values()];
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
