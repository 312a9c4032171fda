import { LiveWorkerError } from '../../errors.ts';
import type { Tap } from '../../tap/open-tap.ts';
import type { Taps } from '../prepare/taps.ts';
import type { SessionWorker } from '../session-worker.ts';

/**
 * The tap of a worker, for what is done by it.
 *
 * @param action behind "Cannot": `crash worker "ops" at a point`
 * @throws TAP_NEEDED
 */
export function tapOfWorker(worker: SessionWorker, taps: Taps, action: string): Tap {
  const { spec, prepared } = worker;
  const tap = prepared?.tap && taps.known(spec.name);
  if (tap) return tap;
  const lines = spec.tap
    ? [
        `Cannot ${action}: its tap sees nothing`,
        'change: give it the URL of its broker and its database in variables, such as RABBITMQ_URL',
      ]
    : [
        `Cannot ${action}: it has no tap`,
        `change: set tap: true on workers.${spec.name}, or beside workers for all`,
      ];
  throw new LiveWorkerError('TAP_NEEDED', lines.join('\n'), { details: { worker: spec.name } });
}
