import { createHash } from 'node:crypto';
import { type PidSpace, readPidSpace } from '../process/table/pid-space.ts';
import { identifyProcess } from '../process/table/process-identity.ts';

/** One run of Jest: all its processes agree on it. */
export interface RunIdentity {
  /** Of the process the user started, also in a child of Jest's. */
  readonly pid: number;
  readonly startTime: number;
  readonly space: PidSpace;
}

/** Of the process the user started. It stays that in a child of Jest's that has lost its parent, and has init for one then. */
const jestPid = isJestChild() ? process.ppid : process.pid;
let run: RunIdentity | undefined;

/** Jest has no run id of its own, so the process the user started is it. */
export function identifyRun(): RunIdentity {
  run ??= identify(jestPid);
  return run;
}

function identify(jest: number): RunIdentity {
  const { pid, startTime } = identifyProcess(jest);
  return { pid, startTime: startTime ?? 0, space: readPidSpace() };
}

/** The name of its folder: containers that share one may have the same numbers. */
export function runName({ pid, startTime, space }: RunIdentity): string {
  const machine = createHash('sha256').update(`${space.boot} ${space.namespace}`).digest('hex').slice(0, 6);
  return `${startTime}-${pid}-${machine}`;
}

/** True in a process jest-worker forked to run test files. */
export function isJestChild(): boolean {
  return process.send !== undefined && /jest-worker/.test(process.argv[1] ?? '');
}
