import { optionsKey, readOptions } from '../../src/options/options-key.ts';
import { linesOf } from './mistakes-in.ts';

const wanted = 'want "liveWorker" with the workers in it, as defineLiveWorkers() returns them; write';

test('readOptions() returns what stands under the key', () => {
  expect(readOptions({ other: 1, [optionsKey]: 5 })).toBe(5);
});

test.each<[unknown, string]>([
  [{ workers: { ops: {} } }, 'workers at the top level'],
  [{}, 'no workers'],
  [undefined, 'nothing'],
  [{ customExportConditions: ['node'] }, 'no workers'],
  [{ liveWorkers: {} }, '"liveWorkers"'],
  [{ liveWorker: undefined }, 'no workers'],
])('readOptions() shows for %j how it is done', (options, given) => {
  expect(linesOf(() => readOptions(options)).join('\n')).toBe(
    `Cannot find the options of live-worker: 1 mistake
testEnvironmentOptions: got ${given}, ${wanted}
  import { defineLiveWorkers, rabbitmq } from 'jest-environment-live-worker/config';

  testEnvironmentOptions: defineLiveWorkers({
    workers: {
      ops: { command: ['python', 'worker.py'], ready: [rabbitmq({ queues: ['default'] })] },
    },
  }),`,
  );
});
