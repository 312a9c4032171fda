import { createHash } from 'node:crypto';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { type RunIdentity, runName } from '../../records/run-identity.ts';

/** The name of a socket in the folder, taken apart. */
export interface SocketName {
  readonly name: string;
  /** As `runName()` makes it. */
  readonly run: string;
  readonly runOwner: ProcessIdentity;
  /** The third word of the run's name: one boot of one machine, and there one container. */
  readonly place: string;
  readonly number: number;
  /** Of the name a supervisor listens under before it is elected, and that tells later whose socket it is. */
  readonly owner?: ProcessIdentity;
}

/** `<run>.<n>`: whose link this is, is the supervisor of the run. */
export function electedName(run: RunIdentity, number: number): string {
  return `${runName(run)}.${number}`;
}

/** `<run>.<n>.<pid>.<start time>`: no other process has it. */
export function privateName(
  run: RunIdentity,
  number: number,
  { pid, startTime = 0 }: ProcessIdentity,
): string {
  return `${electedName(run, number)}.${pid}.${startTime}`;
}

/**
 * `kept-<project>.<pid>.<start time>`: a supervisor that outlived a run of this project.
 *
 * @param project the real path of its rootDir
 */
export function keptName(project: string, { pid, startTime = 0 }: ProcessIdentity): string {
  return `${keptPrefix(project)}${pid}.${startTime}`;
}

export function isKeptName(name: string, project?: string): boolean {
  return /^kept-[0-9a-f]{16}\.\d+\.\d+$/.test(name) && name.startsWith(project ? keptPrefix(project) : '');
}

function keptPrefix(project: string): string {
  return `kept-${createHash('sha256').update(project).digest('hex').slice(0, 16)}.`;
}

/** Undefined for what is not the name of a socket of ours. */
export function parseSocketName(name: string): SocketName | undefined {
  const match = /^((\d+)-(\d+)-([0-9a-f]+))\.(\d+)(?:\.(\d+)\.(\d+))?$/.exec(name);
  if (!match) return undefined;
  const [, run = '', startTime, pid, place = '', number, ownerPid, ownerStart] = match;
  const owner = ownerPid === undefined ? {} : { owner: identityOf(ownerPid, ownerStart) };
  return { name, run, runOwner: identityOf(pid, startTime), place, number: Number(number), ...owner };
}

/** 0 stands for a start time that could not be read. */
function identityOf(pid: string | undefined, startTime: string | undefined): ProcessIdentity {
  return { pid: Number(pid), startTime: Number(startTime) || undefined };
}
