import { identifyProcess, isAlive } from '../process/process-identity.ts';

/** One run of Jest: all its processes agree on it. */
export interface RunIdentity {
  /** Of the process the user started, also in a child of Jest's. */
  readonly pid: number;
  readonly startTime: number;
}

/** Jest has no run id of its own, so the process the user started is it. */
export function identifyRun(): RunIdentity {
  const { pid, startTime } = identifyProcess(isJestChild() ? process.ppid : process.pid);
  return { pid, startTime: startTime ?? 0 };
}

/** The name of its folder. */
export function runName({ pid, startTime }: RunIdentity): string {
  return `${startTime}-${pid}`;
}

/** False for a name that is no run's, and for a run that is over. */
export function isRunAlive(name: string): boolean {
  const match = /^(\d+)-(\d+)$/.exec(name);
  if (!match) return false;
  return isAlive({ pid: Number(match[2]), startTime: Number(match[1]) || undefined });
}

/** True in a process jest-worker forked to run test files. */
export function isJestChild(): boolean {
  return process.send !== undefined && /jest-worker/.test(process.argv[1] ?? '');
}
