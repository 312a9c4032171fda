import type { LiveWorkersOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';

/**
 * Makes the `testEnvironmentOptions` of a Jest configuration. They are checked at once, so that what does not survive
 * Jest's worker processes, such as functions and RegExps, is refused in band too. Times are in milliseconds.
 *
 * @throws OPTIONS_INVALID with all mistakes at once.
 * @example
 * testEnvironmentOptions: defineLiveWorkers({
 *   workers: {
 *     ops: { command: ['python', 'worker.py'], ready: [rabbitmq({ queues: ['default'] })] },
 *   },
 * })
 */
export function defineLiveWorkers(options: LiveWorkersOptions): { readonly liveWorker: LiveWorkersOptions } {
  parseOptions(options);
  return { liveWorker: options };
}
