import { watcherWaits } from '../../../src/diagnose/causes/watchers.ts';
import { timeout } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const watcher = { name: 'nodemon', pid: 7 };
const wrote = (...stdout: readonly string[]) => ({ output: { stdout, stderr: [] } });

testRules({
  shown: [
    [
      watcherWaits,
      'what nodemon says of a crash',
      {
        failure: timeout,
        watcher,
        ...wrote('[nodemon] app crashed - waiting for file changes before starting...'),
      },
      [
        'the program has ended, and nodemon (pid 7) waits for a change of its files: [nodemon] app crashed',
        'run the program itself',
      ],
    ],
    [
      watcherWaits,
      'what Node says of one',
      { failure: timeout, ...wrote("Failed running 'worker.js'") },
      ["a watcher waits for a change of its files: Failed running 'worker.js'"],
    ],
    [
      watcherWaits,
      'a watcher that says nothing',
      { failure: timeout, watcher, ...wrote('starting') },
      ['nodemon (pid 7) runs it, and stays alive when the program ends'],
    ],
  ],
  silent: [
    [watcherWaits, 'an exit', { watcher, ...wrote('app crashed') }],
    [watcherWaits, 'a worker without one', { failure: timeout, ...wrote('starting') }],
  ],
});
