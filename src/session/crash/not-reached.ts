import { LiveWorkerError } from '../../errors.ts';
import { describeEffect, type EffectsSince } from '../../worker/crash/crash-report.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';

const mostTold = 12;

/** @param done since it was armed */
export function notReached(
  { spec, runner }: SessionWorker,
  label: string,
  done: EffectsSince | undefined,
): LiveWorkerError {
  const worker = spec.name;
  const told = (done?.effects ?? []).map(describeEffect);
  const more = told.length > mostTold ? [`and ${told.length - mostTold} more`] : [];
  const lines = [
    `Worker "${worker}" did not come to the point: ${label}`,
    told.length === 0
      ? 'Its tap has seen nothing since that was armed'
      : `It did since: ${[...told.slice(0, mostTold), ...more].join(', ')}`,
    ...(runner.running ? [] : ['It does not run']),
  ];
  return new LiveWorkerError('CRASH_NOT_REACHED', lines.join('\n'), { details: { worker, point: label } });
}
