import type { LiveWorkerError } from '../errors.ts';
import { findNearestName } from '../text/find-nearest-name.ts';
import { describeGiven } from './describe-given.ts';
import { optionsInvalid } from './options-invalid.ts';
import { isObject } from './schema/container-schemas.ts';

/** The one key of `testEnvironmentOptions` that is ours; Jest puts all of them on the sandbox's `globalThis`. */
export const optionsKey = 'liveWorker';

/** More than a user writes by hand. */
const mostKeys = 100;

const example = `
    import { defineLiveWorkers, rabbitmq } from 'jest-environment-live-worker/config';

    testEnvironmentOptions: defineLiveWorkers({
      workers: {
        ops: { command: ['python', 'worker.py'], ready: [rabbitmq({ queues: ['default'] })] },
      },
    }),`;

/**
 * What stands under {@link optionsKey}, still unchecked.
 *
 * @throws OPTIONS_INVALID when nothing stands there, with an example.
 */
export function readOptions(testEnvironmentOptions: unknown): unknown {
  if (!isObject(testEnvironmentOptions)) throw optionsMissing(describeGiven(testEnvironmentOptions, []));
  const options = testEnvironmentOptions[optionsKey];
  if (options !== undefined) return options;
  if ('workers' in testEnvironmentOptions) throw optionsMissing('workers at the top level');
  const others = Object.keys(testEnvironmentOptions)
    .filter(key => key !== optionsKey)
    .slice(0, mostKeys);
  const nearest = findNearestName(optionsKey, others);
  throw optionsMissing(nearest === undefined ? 'no workers' : `"${nearest}"`);
}

function optionsMissing(given: string): LiveWorkerError {
  const wanted = `"${optionsKey}" with the workers in it, as defineLiveWorkers() returns them`;
  const mistake = { path: 'testEnvironmentOptions', given, wanted, hint: `write${example}` };
  return optionsInvalid('Cannot find the options of live-worker', [mistake]);
}
