import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { devNull } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveWorkerError } from '../errors.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { LogFiles } from '../logs/open-log-files.ts';
import { loadExeca } from './load-execa.ts';
import { becomesWorker, type MarkedCommand, markedCommand, type SpawnedCommand } from './marked-command.ts';
import type { ProcessExit, RunningWorker } from './running-worker.ts';
import { identifyProcess } from './table/process-identity.ts';
import { withLimitMark } from './tree/limit-mark.ts';

/** Passing shortages of the whole machine; everything else is an answer. */
const shortages: Readonly<Record<string, string>> = {
  EAGAIN: 'this user has as many processes as it may have (ulimit -u), or the container (pids.max)',
  ENOMEM: 'there is no memory left for another process',
  ETXTBSY: 'another process is still writing the file',
  EMFILE: 'Jest has as many files open as it may have (ulimit -n)',
  ENFILE: 'this machine has as many files open as it may have (fs.file-max)',
};
const shortagePausesMs = [50, 200, 800];
const readyDescriptor = 3;
/** Pipes, standard input, and what libuv takes to hear of a failed exec. */
const descriptorsOfSpawn = 8;

type Execa = Awaited<ReturnType<typeof loadExeca>>['execa'];

/** execa takes any descriptor at run time; its types know only those from 3 to 9. */
type DirectOutput = ['ignore' | 'pipe', 3, 4, ...'pipe'[]];

export interface SpawnOptions {
  /** Hand the worker a descriptor to say that it is ready. */
  readonly notify: boolean;
  /** A pipe nothing is written to, open until the worker is over, or Jest is. Default `'ignore'`. */
  readonly stdin?: 'ignore' | 'pipe';
  /** Called at once, before the process has become the program of the plan. */
  readonly onSpawned?: (pid: number) => void;
}

/**
 * Starts the process of a plan, detached, with its output going straight into the log files.
 *
 * @throws SPAWN_FAILED when the system refuses, after three retries where the refusal may pass.
 */
export async function spawnWorker(
  plan: LaunchPlan,
  logs: LogFiles,
  options: SpawnOptions,
): Promise<RunningWorker> {
  const { execa } = await loadExeca();
  const marked = markedCommand(plan);
  const running = marked && (await spawnMarked(execa, marked, plan, logs, options));
  if (running) return running;
  for (const pauseMs of [...shortagePausesMs, undefined]) {
    const shortage = descriptorShortage();
    const child = shortage
      ? undefined
      : withLimitMark(plan.id, () => spawnOnce(execa, plan, plan, logs, options));
    if (child?.pid !== undefined) {
      options.onSpawned?.(child.pid);
      return runningWorker(plan, logs, child, child.pid);
    }
    const error = child ? await failureOf(child) : (shortage as NodeJS.ErrnoException);
    if (pauseMs === undefined || !shortages[error.code ?? '']) throw spawnFailed(plan, error);
    await sleep(pauseMs);
  }
  throw new Error('unreachable');
}

/** Undefined when it did not become the worker, for any reason: spawned without it, the worker says why. */
async function spawnMarked(
  execa: Execa,
  marked: MarkedCommand,
  plan: LaunchPlan,
  logs: LogFiles,
  options: SpawnOptions,
): Promise<RunningWorker | undefined> {
  if (descriptorShortage()) return undefined;
  const stderrStart = logs.stderr.size();
  const child = spawnOnce(execa, marked, plan, logs, options);
  if (child.pid === undefined) return undefined;
  options.onSpawned?.(child.pid);
  const running = runningWorker(plan, logs, child, child.pid);
  return (await becomesWorker(marked, running, stderrStart)) ? running : undefined;
}

/** Node emits what a lack of descriptors means on a child that execa has given up already, which would end Jest: so it is looked for before. */
function descriptorShortage(): NodeJS.ErrnoException | undefined {
  const taken: number[] = [];
  try {
    while (taken.length < descriptorsOfSpawn) taken.push(openSync(devNull, 'r'));
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    for (const descriptor of taken) closeSync(descriptor);
  }
}

/** Not async: what execa returns is a promise of the process's end, and must not be awaited on the way. */
function spawnOnce(
  execa: Execa,
  { file, args, argv0 = file }: SpawnedCommand,
  { cwd, env }: LaunchPlan,
  logs: LogFiles,
  { notify, stdin = 'ignore' }: SpawnOptions,
): ChildProcess {
  const stdout = logs.stdout.descriptor;
  const stderr = logs.stderr.descriptor;
  const child = execa(file, args, {
    argv0,
    cwd,
    env: notify ? { ...env, LIVE_WORKER_READY_FD: String(readyDescriptor) } : env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdio: [stdin, stdout, stderr, ...(notify ? ['pipe'] : [])] as DirectOutput,
  });
  return child as unknown as ChildProcess;
}

function runningWorker(plan: LaunchPlan, logs: LogFiles, child: ChildProcess, pid: number): RunningWorker {
  child.unref();
  holdInput(child);
  return {
    plan,
    logs,
    leader: identifyProcess(pid),
    exited: new Promise<ProcessExit>(resolve => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    notified: firstNewline(child),
  };
}

/** It keeps neither Jest nor the worker from ending, and a worker that has closed its own end is no failure. */
function holdInput({ stdin }: ChildProcess): void {
  (stdin as Socket | null)?.unref();
  stdin?.on('error', () => {});
}

function firstNewline(child: ChildProcess): Promise<void> {
  const stream = child.stdio[readyDescriptor] as
    | (NodeJS.ReadableStream & { unref?(): void })
    | null
    | undefined;
  if (!stream) return new Promise(() => {});
  stream.unref?.();
  return new Promise(resolve => {
    stream.on('data', (chunk: Buffer) => {
      if (chunk.includes(0x0a)) resolve();
    });
    stream.on('error', () => {});
  });
}

/** Node reports what fork and exec refuse by an event that comes after `spawn` has returned. */
async function failureOf(child: ChildProcess): Promise<NodeJS.ErrnoException> {
  const result = (await child) as unknown as { readonly cause?: NodeJS.ErrnoException };
  return result.cause ?? new Error('the process did not start');
}

function limitBehind({ code = '' }: NodeJS.ErrnoException): string {
  const limit = shortages[code];
  return limit === undefined ? '' : `, and again for a second: ${limit}`;
}

function spawnFailed(plan: LaunchPlan, error: NodeJS.ErrnoException): LiveWorkerError {
  return new LiveWorkerError(
    'SPAWN_FAILED',
    `Cannot start worker "${plan.worker}": the system refused "${plan.file}" with ${error.code ?? error.message}${limitBehind(error)}`,
    { details: { worker: plan.worker, file: plan.file, systemCode: error.code ?? null }, cause: error },
  );
}
