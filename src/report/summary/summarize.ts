import type { FailureModel, FileModel, RunModel, TestModel, WorkerModel } from '../model.ts';

/** What a run comes to. */
export interface RunSummary {
  readonly tests: Readonly<Record<TestModel['outcome'], number>>;
  readonly failedFiles: readonly FileModel[];
  /** By this run; those of an earlier one, or of another terminal, were there. */
  readonly workersStarted: number;
  /** By all files together. */
  readonly waitedMs: number;
  readonly waits: readonly WorkerWait[];
  /** What would shorten the run most; undefined where that is not worth a word. */
  readonly saving?: Saving;
}

/** The starts of all workers of one name. */
interface WorkerWait {
  readonly worker: string;
  readonly scope: WorkerModel['scope'];
  readonly starts: number;
  /** From its start until its probes were satisfied; of all starts, and the longest. */
  readonly totalMs: number;
  readonly longestMs: number;
}

interface Saving {
  readonly worker: string;
  readonly starts: number;
  readonly savedMs: number;
}

/** Shorter than this nobody changes a configuration for. */
const leastSavingMs = 1_000;

export function summarize({ files, workers }: RunModel): RunSummary {
  const waits = waitsOf(workers);
  const saving = findSaving(waits);
  return {
    tests: countOutcomes(files.flatMap(({ tests }) => tests)),
    failedFiles: files.filter(({ outcome }) => outcome === 'failed' || outcome === 'cut off'),
    workersStarted: waits.reduce((sum, { starts }) => sum + starts, 0),
    waitedMs: files.reduce((sum, { waitedMs }) => sum + waitedMs, 0),
    waits,
    ...(saving ? { saving } : {}),
  };
}

/** Why a file has failed: what failed of itself and of its hooks, then of its tests. */
export function failuresOf({ failures, tests }: FileModel): readonly {
  readonly test?: TestModel;
  readonly failure: FailureModel;
}[] {
  return [
    ...failures.map(failure => ({ failure })),
    ...tests.flatMap(test => test.failures.slice(0, 1).map(failure => ({ test, failure }))),
  ];
}

function countOutcomes(tests: readonly TestModel[]): RunSummary['tests'] {
  const counts = { passed: 0, failed: 0, skipped: 0, 'cut off': 0 };
  for (const { outcome } of tests) counts[outcome] += 1;
  return counts;
}

function waitsOf(workers: readonly WorkerModel[]): readonly WorkerWait[] {
  const waits = new Map<string, WorkerWait>();
  for (const { name, scope, states } of workers) {
    const starts = states
      .filter(({ state }) => state === 'starting')
      .map(({ fromMs, toMs }) => toMs - fromMs);
    const before = waits.get(name) ?? { worker: name, scope, starts: 0, totalMs: 0, longestMs: 0 };
    waits.set(name, {
      ...before,
      starts: before.starts + starts.length,
      totalMs: before.totalMs + starts.reduce((sum, ms) => sum + ms, 0),
      longestMs: Math.max(before.longestMs, ...starts),
    });
  }
  return [...waits.values()].sort((one, other) => other.totalMs - one.totalMs);
}

function findSaving(waits: readonly WorkerWait[]): Saving | undefined {
  const savings = waits
    .filter(({ scope, starts }) => scope === 'file' && starts > 1)
    .map(({ worker, starts, totalMs, longestMs }) => ({ worker, starts, savedMs: totalMs - longestMs }))
    .sort((one, other) => other.savedMs - one.savedMs);
  return savings[0] && savings[0].savedMs >= leastSavingMs ? savings[0] : undefined;
}
