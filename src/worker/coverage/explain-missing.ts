import type { WorkerMeasures } from './take-meter.ts';

/** What a worker has written of its own coverage, by pid. */
export interface WrittenCoverage {
  readonly node: ReadonlySet<number>;
  readonly python: ReadonlySet<number>;
  /** Of the Pythons that ran, by path: those without coverage.py. */
  readonly lackingPythons: readonly string[];
  /** The Pythons that have it. */
  readonly measuredPythons: ReadonlySet<number>;
}

/** What is not in the coverage of a worker, or of one launch of it. */
export interface MissingCoverage {
  readonly text: string;
  /** The same for every test file: it is said once. */
  readonly isGeneral: boolean;
}

export function explainMissing(
  worker: string,
  { exits, takes }: WorkerMeasures,
  written: WrittenCoverage,
): readonly MissingCoverage[] {
  const has = (pid: number) => written.node.has(pid) || written.python.has(pid);
  const failed = takes.filter(({ pid, why }) => why !== undefined && !has(pid));
  const ended = exits.filter(({ pid, signal, isAsked }) => {
    if (signal === null || written.python.has(pid) || failed.some(take => take.pid === pid)) return false;
    return !isAsked || (signal === 'SIGKILL' && written.measuredPythons.has(pid));
  });
  const begin = `no coverage of worker "${worker}":`;
  return [
    ...written.lackingPythons.map(python =>
      general(`${begin} its Python has no coverage.py; install it: ${python} -m pip install coverage`),
    ),
    ...failed.map(({ pid, why }) => special(`${begin} its Node process ${pid} does not tell: ${why}`)),
    ...ended.map(({ pid, signal }) =>
      special(
        `coverage of worker "${worker}": ${signal} ended process ${pid}, and what it ran ${since(written.node.has(pid))}is missing`,
      ),
    ),
    ...(isUnknown(written, takes.length + ended.length)
      ? [general(`${begin} none of its processes was Node or Python; other languages are not measured`)]
      : []),
  ];
}

function since(hasWritten: boolean): string {
  return hasWritten ? 'since it last wrote it ' : '';
}

function isUnknown({ node, measuredPythons, lackingPythons }: WrittenCoverage, others: number): boolean {
  return node.size + measuredPythons.size + lackingPythons.length + others === 0;
}

function general(text: string): MissingCoverage {
  return { text, isGeneral: true };
}

function special(text: string): MissingCoverage {
  return { text, isGeneral: false };
}
