import { setTimeout as sleep } from 'node:timers/promises';
import type { LaunchPlan } from '../launch/plan.ts';
import type { ProcessExit, RunningWorker } from './running-worker.ts';
import { readRawCommandLine } from './table/raw-command-line.ts';
import { findPrlimit } from './tree/find-prlimit.ts';
import { isOwnLimitFree, limitMarkOf } from './tree/limit-mark.ts';

/** The command of a plan, or one that becomes it. */
export interface SpawnedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** What it is told to be called; its file by default. */
  readonly argv0?: string;
}

/** prlimit(1), which takes the mark of a launch and becomes its program: same process, environment, descriptors. */
export interface MarkedCommand extends SpawnedCommand {
  /** Its own messages begin so, and those of no other program. */
  readonly argv0: string;
}

/** What prlimit(1) and the linker of libraries end with when there is no program to become. */
const codesOfRefusal: readonly (number | null)[] = [1, 126, 127];
const pollMs = 1;
const timeLimitMs = 2_000;
const refusalBytes = 64 * 1024;

/** Undefined where prlimit(1) is missing or may not do it, and where the linker would do for it what is meant for the worker alone. */
export function markedCommand({ id, file, args, env }: LaunchPlan): MarkedCommand | undefined {
  const prlimit = findPrlimit();
  if (prlimit === undefined || !isOwnLimitFree() || Object.keys(env).some(isForLinker)) return undefined;
  const mark = limitMarkOf(id);
  return {
    file: prlimit,
    argv0: `live-worker-${mark}`,
    args: [`--locks=${mark}:`, '--', file, ...args],
  };
}

/** False when it ended without becoming the worker; undecided for long, it counts as the worker. */
export async function becomesWorker(
  { argv0 }: MarkedCommand,
  { leader, exited, logs: { stderr } }: RunningWorker,
  stderrStart: number,
): Promise<boolean> {
  let exit: ProcessExit | undefined;
  const noted = exited.then(end => {
    exit = end;
  });
  for (const start = performance.now(); !exit && performance.now() - start < timeLimitMs; ) {
    const command = readRawCommandLine(leader.pid);
    // It is empty within an exec, and within the end of a process.
    if (command !== '' && !command.startsWith(argv0)) return true;
    await Promise.race([noted, sleep(pollMs)]);
  }
  if (!exit || !codesOfRefusal.includes(exit.code)) return true;
  return !stderr
    .read(stderrStart, Math.min(stderr.size(), stderrStart + refusalBytes))
    .includes(`${argv0}: `);
}

/** `LD_PRELOAD` and its like; a folder of libraries does no harm to a program that needs none of them. */
function isForLinker(name: string): boolean {
  return name.startsWith('LD_') && name !== 'LD_LIBRARY_PATH';
}
