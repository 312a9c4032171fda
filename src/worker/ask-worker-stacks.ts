import type { Evidence } from '../diagnose/evidence.ts';
import { LiveWorkerError } from '../errors.ts';
import { type AskedStacks, askStacks } from '../process/stacks/ask-stacks.ts';
import { findBusyProcesses } from '../process/stacks/find-busy-processes.ts';
import type { ProcessEntry } from '../process/table/process-entry.ts';
import { resolveWorkerMark } from '../process/tree/resolve-worker-mark.ts';
import { findWorkerTree } from '../process/tree/worker-tree.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { WorkerControl } from './runner/worker-control.ts';
import { runningPid } from './running-pid.ts';
import type { SessionWorker } from './session-worker.ts';

/** How long the runtimes of a worker may take to answer, in milliseconds. */
const limitMs = 1_500;

/** What a worker that missed its deadline is doing, without secrets; nothing where none of its runtimes tells. */
export async function askHangingWorker(
  runner: WorkerControl,
  secrets: Secrets,
): Promise<Pick<Evidence, 'stacks' | 'busy'>> {
  // Looked at first: the question may end it, or make it work.
  const busy = await findBusyProcesses(treeOf(runner).map(({ pid }) => pid));
  const { stacks } = await ask(runner, { mayEnd: true, limitMs });
  return {
    stacks: stacks.map(({ pid, runtime, text }) => ({ pid, runtime, text: secrets.quote(text) })),
    busy,
  };
}

/**
 * What a worker is doing that goes on afterwards.
 *
 * @throws WORKER_NOT_RUNNING; STACKS_UNAVAILABLE with the reason of every process
 */
export async function askLivingWorker(worker: SessionWorker, timeLeftMs: number): Promise<string> {
  runningPid(worker, 'ask the stacks of');
  const { stacks, silent } = await ask(worker.runner, {
    mayEnd: false,
    limitMs: Math.min(limitMs, timeLeftMs),
  });
  if (stacks.length === 0) throw unavailable(worker.spec.name, silent);
  return stacks.map(({ pid, runtime, text }) => `pid ${pid} (${runtime}):\n${text.trimEnd()}\n`).join('\n');
}

async function ask(
  runner: WorkerControl,
  question: { readonly mayEnd: boolean; readonly limitMs: number },
): Promise<AskedStacks> {
  const { logs, spec } = runner;
  return askStacks(treeOf(runner), { ...question, logs, signal: spec.stacksSignal });
}

function treeOf({ running, logs }: WorkerControl): readonly ProcessEntry[] {
  if (!running) return [];
  return findWorkerTree(resolveWorkerMark(running, logs)) ?? [];
}

function unavailable(worker: string, silent: readonly string[]): LiveWorkerError {
  const reasons = silent.length > 0 ? silent : ['none of its processes has a runtime that can be asked'];
  const lines = [
    `Cannot tell where worker "${worker}" is:`,
    ...reasons.map(reason => `  ${reason}`),
    'Let it answer a signal with its stacks, such as faulthandler.register(signal.SIGUSR2) in Python, and name that in stacksSignal',
  ];
  return new LiveWorkerError('STACKS_UNAVAILABLE', lines.join('\n'), { details: { worker, reasons } });
}
