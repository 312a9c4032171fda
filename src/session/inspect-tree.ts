import type { Evidence, EvidenceProcess } from '../diagnose/evidence.ts';
import { maskCommand } from '../launch/mask-secrets.ts';
import { describeProcess } from '../process/describe-process.ts';
import { findHeldSockets } from '../process/find-socket-holders.ts';
import type { ProcessEntry } from '../process/process-identity.ts';
import { findWorkerTree } from '../process/worker-tree.ts';
import type { WorkerRunner } from './worker-runner.ts';

type Environment = Readonly<Record<string, string>>;

/** The processes of a launch that are alive now, and where their connections lead. */
export function inspectTree(
  { running, logs }: WorkerRunner,
  env: Environment,
): Pick<Evidence, 'tree' | 'peers'> {
  if (!running) return { tree: [], peers: undefined };
  const { plan, leader } = running;
  const members = findWorkerTree({ id: plan.id, leader, logPaths: [logs.stdout.path, logs.stderr.path] });
  if (!members) return { tree: [], peers: undefined };
  const peers = findHeldSockets(members.map(({ pid }) => pid))?.peers;
  return {
    tree: members.map(member => presentProcess(member, env)),
    peers: peers && [...new Map(peers.map(peer => [`${peer.host} ${peer.port}`, peer])).values()],
  };
}

export function presentProcess(entry: ProcessEntry, env: Environment): EvidenceProcess {
  const { pid, command } = describeProcess(entry);
  return { pid, command: maskCommand(command.split(' '), env).join(' ') };
}
