import type { LogStreamName } from '../../logs/log-file.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { ProcessEntry } from '../table/process-entry.ts';
import { isAlive } from '../table/process-identity.ts';
import { signalProcess } from '../tree/signal-process.ts';
import { askNode } from './ask-node.ts';
import { catchesSignal } from './catches-signal.ts';
import { findRuntime, type Runtime } from './find-runtime.ts';
import { untilLogQuiet } from './until-log-quiet.ts';

/** What one process of a worker is doing. */
interface ProcessStacks {
  readonly pid: number;
  /** `signal` for a process of any runtime that answers the signal its options name. */
  readonly runtime: Runtime | 'signal';
  /** What its runtime wrote; it stands in the worker's log too. */
  readonly text: string;
}

/** What was asked, and why some did not answer. */
export interface AskedStacks {
  readonly stacks: readonly ProcessStacks[];
  readonly silent: readonly string[];
}

export interface StacksQuestion {
  readonly logs: LogFiles;
  /** Python and Go die of the question. */
  readonly mayEnd: boolean;
  /** A signal the worker answers with its stacks, and lives. */
  readonly signal: NodeJS.Signals | null;
  /** For all together, in milliseconds. */
  readonly limitMs: number;
}

const mostProcesses = 4;

/** Asks the processes of a worker, one after the other, where they are; the youngest is asked first: a wrapper is older than its program. */
export async function askStacks(
  tree: readonly ProcessEntry[],
  question: StacksQuestion,
): Promise<AskedStacks> {
  const deadline = performance.now() + question.limitMs;
  const asked = tree
    .toSorted((one, other) => other.startTime - one.startTime || other.pid - one.pid)
    .map(entry => ({ entry, runtime: answererOf(entry, question.signal) }))
    .filter((asked): asked is Asked => asked.runtime !== undefined)
    .slice(0, mostProcesses);
  const stacks: ProcessStacks[] = [];
  const silent: string[] = [];
  for (const { entry, runtime } of asked) {
    const limitMs = deadline - performance.now();
    try {
      const text = limitMs > 0 ? await askOne(entry, runtime, { ...question, limitMs }) : '';
      if (text.trim() === '') throw new Error('it does not answer in time');
      stacks.push({ pid: entry.pid, runtime, text });
    } catch (error) {
      silent.push(`pid ${entry.pid} (${runtime}): ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { stacks, silent };
}

interface Asked {
  readonly entry: ProcessEntry;
  readonly runtime: ProcessStacks['runtime'];
}

function answererOf({ pid }: ProcessEntry, signal: NodeJS.Signals | null) {
  if (!signal) return findRuntime(pid);
  return catchesSignal(pid, signal) ? 'signal' : undefined;
}

interface SignalWay {
  readonly signal: NodeJS.Signals;
  readonly stream: LogStreamName;
  readonly ends: boolean;
  readonly without: string;
}

const ways: Readonly<Record<'python' | 'jvm' | 'go', SignalWay>> = {
  python: {
    signal: 'SIGABRT',
    stream: 'stderr',
    ends: true,
    without: 'its faulthandler is not enabled',
  },
  jvm: { signal: 'SIGQUIT', stream: 'stdout', ends: false, without: 'it does not take SIGQUIT' },
  go: { signal: 'SIGQUIT', stream: 'stderr', ends: true, without: 'it does not take SIGQUIT' },
};

function askOne(entry: ProcessEntry, runtime: Runtime | 'signal', question: StacksQuestion): Promise<string> {
  const { logs, limitMs } = question;
  if (runtime === 'node')
    return askNode(entry, { limitMs, mayEnd: question.mayEnd, stderrPath: logs.stderr.path });
  if (runtime === 'signal')
    return askBySignal(entry, { signal: question.signal as NodeJS.Signals, stream: 'stderr' }, question);
  const way = ways[runtime];
  if (way.ends && !question.mayEnd) throw new Error(`${way.signal} would end it`);
  if (!catchesSignal(entry.pid, way.signal)) throw new Error(way.without);
  return askBySignal(entry, way, question);
}

async function askBySignal(
  entry: ProcessEntry,
  { signal, stream }: Pick<SignalWay, 'signal' | 'stream'>,
  { logs, limitMs }: StacksQuestion,
): Promise<string> {
  const file = logs[stream];
  const mark = file.mark();
  if (signalProcess(entry, signal) !== 'sent') throw new Error('it is gone');
  return untilLogQuiet(file, mark, { limitMs, isOver: () => !isAlive(entry) });
}
