import { LiveWorkerError } from '../../errors.ts';
import type { EffectStep } from '../../session/contract.ts';
import { linesOf } from './compare-values.ts';
import { listSteps } from './explain-points.ts';

/** Why the crash points of a worker cannot be told from two runs without a crash; undefined where they can. */
export function whyUnclear(
  worker: string,
  [first, second]: readonly [readonly EffectStep[], readonly EffectStep[]],
): LiveWorkerError | undefined {
  const unclear = (...lines: readonly string[]) =>
    new LiveWorkerError(
      'CRASH_POINTS_UNCLEAR',
      [`Cannot tell the crash points of worker "${worker}": ${lines[0]}`, ...lines.slice(1)].join('\n'),
      {
        details: { worker },
      },
    );
  const steps = [...first, ...second];
  if (steps.length === 0) return unclear('its tap has seen nothing of the work');
  const isTaking = steps.some(({ kind }) => kind === 'deliver');
  const works = steps.filter(({ kind }) => kind === 'publish' || kind === 'commit');
  const early = works.find(({ open }) => open === 0);
  if (isTaking && (works.length === 0 || early))
    return unclear(
      early
        ? `it had acknowledged every message when it did this: ${early.name}`
        : `it did nothing but ${listSteps(first)}`,
      'What it had when it crashes is lost, and nobody sees when it is done: at most once',
      'change: let it acknowledge when its work is done; with Celery acks_late',
    );
  const orders = [first, second].map(listSteps);
  if (orders[0] === orders[1]) return undefined;
  const isReordered =
    [...first]
      .map(({ name }) => name)
      .toSorted()
      .join('\n') ===
    [...second]
      .map(({ name }) => name)
      .toSorted()
      .join('\n');
  return unclear(
    isReordered
      ? 'its effects are concurrent, and come in another order each time'
      : 'it does not do the same each time',
    `  first:  ${orders[0]}`,
    `  second: ${orders[1]}`,
    isReordered
      ? 'change: let it take one message at a time, by a prefetch of 1, for this test'
      : 'change: let work() be the same each time but for its key; reset() what it leaves',
  );
}

/** What is left differs without any crash. */
export function unstable(worker: string, values: readonly [unknown, unknown]): LiveWorkerError {
  const [first, second] = values.map(value =>
    linesOf(value)
      .map(line => `\n    ${line}`)
      .join(''),
  );
  return new LiveWorkerError(
    'CRASH_POINTS_UNCLEAR',
    [
      `Cannot compare what worker "${worker}" leaves: same() differs between two runs without a crash`,
      `  first: ${first}`,
      `  second: ${second}`,
      'change: leave out what differs each time, such as times and generated ids, or give compare(); what is the key of its run counts as the same',
    ].join('\n'),
    { details: { worker } },
  );
}
