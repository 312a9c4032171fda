import type { Config } from 'jest';
import { withLiveWorkers } from '../../../src/options/jest-config/with-live-workers.ts';
import type { LiveWorkersOptions } from '../../../src/options/options.ts';
import { linesOf } from '../mistakes-in.ts';

const options: LiveWorkersOptions = { workers: { ops: { command: ['worker'], ready: [] } } };
const reporter = 'jest-environment-live-worker/reporter';
const refused = (config: unknown, place?: unknown) =>
  linesOf(() => withLiveWorkers(options, config as object, place as undefined)).slice(1);

test('withLiveWorkers() adds environment, options and reporter, and keeps the rest', () => {
  const config: Config = withLiveWorkers(options, { testMatch: ['**/*.test.ts'] });
  expect(config).toEqual({
    testMatch: ['**/*.test.ts'],
    testEnvironment: 'live-worker',
    testEnvironmentOptions: { liveWorker: options },
    reporters: ['default', reporter],
    watchPathIgnorePatterns: ['/\\.live-worker/'],
  });
});

test('withLiveWorkers() adds the records to what watch mode ignores, once', () => {
  const config = withLiveWorkers(options, { watchPathIgnorePatterns: ['/dist/'] });
  expect(config.watchPathIgnorePatterns).toEqual(['/dist/', '/\\.live-worker/']);
  const again = withLiveWorkers(options, { watchPathIgnorePatterns: config.watchPathIgnorePatterns });
  expect(again.watchPathIgnorePatterns).toEqual(config.watchPathIgnorePatterns);
});

test('withLiveWorkers() keeps reporters, options of the environment and an environment that extends ours', () => {
  const given = {
    testEnvironment: './my-environment.js',
    testEnvironmentOptions: { customExportConditions: ['node'] },
    reporters: [['jest-junit', {}], 'github-actions'] as [[string, Record<string, unknown>], string],
  };
  const config = withLiveWorkers(options, given);
  expect(config.reporters).toEqual([...given.reporters, reporter]);
  expect(config.testEnvironment).toBe('./my-environment.js');
  expect(config.testEnvironmentOptions).toEqual({ customExportConditions: ['node'], liveWorker: options });
});

test.each([[[reporter]], [['default', [reporter, {}]]]])(
  'withLiveWorkers() adds no second reporter to %j',
  reporters => {
    expect(withLiveWorkers(options, { reporters }).reporters).toEqual(reporters);
  },
);

test('withLiveWorkers() leaves the reporter out in an entry of projects', () => {
  const entry = withLiveWorkers(options, { displayName: 'tasks' }, { project: true });
  expect(entry).not.toHaveProperty('reporters');
  expect(entry.testEnvironment).toBe('live-worker');
});

test('withLiveWorkers() refuses a configuration with projects, and says where workers and reporter go', () => {
  expect(refused({ projects: ['a', 'b'] })).toEqual([
    `projects: got ["a", "b"], want nothing: an entry of projects has its own workers; call it for each entry that has workers, with { project: true }, and write reporters: ['default', '${reporter}'] beside projects`,
  ]);
});

test.each([
  [undefined, 'got nothing'],
  [() => ({}), 'got a function'],
  [Promise.resolve({}), 'got a promise'],
  [[], 'got []'],
])('withLiveWorkers() refuses %p for a configuration', (config, given) => {
  expect(refused(config)).toEqual([`jestConfig: ${given}, want a Jest configuration: an object`]);
});

test('withLiveWorkers() names all that is in its way at once', () => {
  const config = {
    testEnvironment: 'jsdom',
    testEnvironmentOptions: { liveWorker: {} },
    reporters: 'default',
  };
  expect(refused(config).map(line => line.replace(/, want.*/, ''))).toEqual([
    'testEnvironment: got "jsdom"',
    'testEnvironmentOptions: got "liveWorker" in it',
    'reporters: got "default"',
  ]);
});

test.each([[{ projcet: true }], [{ project: 'yes' }], [true]])(
  'withLiveWorkers() refuses %j as third parameter',
  place => {
    expect(refused({}, place)).toHaveLength(1);
  },
);

test('withLiveWorkers() checks the options as defineLiveWorkers() does', () => {
  expect(linesOf(() => withLiveWorkers({} as LiveWorkersOptions, {})).slice(1)).toHaveLength(1);
});

test('withLiveWorkers() tells the reporter of workers that files share', () => {
  const ops = { command: ['node'], ready: [], scope: 'run' as const };
  expect(withLiveWorkers({ workers: { ops } }, {}).reporters).toEqual([
    'default',
    [reporter, { sharesWorkers: true }],
  ]);
});
