import { isLiveWorkerError } from '../../src/errors.ts';
import { parseOptions } from '../../src/options/parse-options.ts';

/** The lines of the error, without its first one; none when the options are valid. */
export function mistakesIn(options: unknown): readonly string[] {
  return linesOf(() => parseOptions(options)).slice(1);
}

/** The same for one worker that is otherwise valid; `workers.ops.` is cut off. */
export function mistakesInWorker(worker: object): readonly string[] {
  const lines = mistakesIn({ workers: { ops: { command: ['worker'], ready: [], ...worker } } });
  return lines.map(line => line.replace(/^workers\.ops\.?/, ''));
}

/** The same for one probe; `workers.ops.ready[0].` is cut off. */
export function mistakesInProbe(probe: unknown): readonly string[] {
  return mistakesInWorker({ ready: [probe] }).map(line => line.replace(/^ready\[0\]\.?/, ''));
}

/** The lines of the OPTIONS_INVALID that a function throws. */
export function linesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (isLiveWorkerError(error) && error.code === 'OPTIONS_INVALID') return error.message.split('\n  ');
    throw error;
  }
  return [];
}
