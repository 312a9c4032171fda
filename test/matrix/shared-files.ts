/** A project whose files share one worker, beside the README's, which does not take its tests for its own. */
export const sharedConfig = 'shared/jest.config.js';

const testFile = `
const { readFileSync, writeFileSync } = require('node:fs');
const { liveWorker } = require('jest-environment-live-worker/fixtures');
const first = __dirname + '/first-pid';
test('has the worker of the run', () => {
  const { pid, state } = liveWorker('ops');
  expect(state).toBe('ready');
  try {
    writeFileSync(first, String(pid), { flag: 'wx' });
  } catch {
    expect(readFileSync(first, 'utf8')).toBe(String(pid));
  }
});
`;

export const sharedFiles: ReadonlyMap<string, string> = new Map([
  [
    sharedConfig,
    `
const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
module.exports = withLiveWorkers(
  { workers: { ops: { command: ['node', 'worker.js'], ready: [log({ pattern: 'ready' })], scope: 'run' } } },
  { testMatch: ['<rootDir>/*.shared.js'] },
);
`,
  ],
  ['shared/worker.js', `console.log('ready');\nsetTimeout(() => process.exit(9), 60_000);\n`],
  ...['a', 'b', 'c'].map(name => [`shared/${name}.shared.js`, testFile] as const),
]);
