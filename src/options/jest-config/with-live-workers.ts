import { defineLiveWorkers } from '../define-live-workers.ts';
import type { LiveWorkersOptions } from '../options.ts';
import { optionsInvalid } from '../options-invalid.ts';
import { checkConfigPlace, checkJestConfig } from './check-jest-config.ts';
import { ownReporter } from './own-reporter.ts';

/** The folder of a test file's records is called as the file is: where an old one is deleted, watch mode would begin again. */
const records = '/\\.live-worker/';

/** What {@link withLiveWorkers} adds to a Jest configuration. */
export interface LiveWorkersConfig {
  readonly testEnvironment: string;
  readonly testEnvironmentOptions: Record<string, unknown>;
  readonly watchPathIgnorePatterns: string[];
  /** Not there in an entry of `projects`. */
  readonly reporters?: (string | [string, Record<string, unknown>])[];
}

export interface ConfigPlace {
  /** The configuration is an entry of `projects`, in its array or in a file of its own. Default false. */
  readonly project?: boolean;
}

/**
 * Makes a Jest configuration one whose test files have live workers: adds `testEnvironment`, `testEnvironmentOptions`,
 * the reporter, behind the reporters that are given or else Jest's default one, and to `watchPathIgnorePatterns` the records.
 *
 * Jest ignores reporters in an entry of `projects`, and an entry looks like any other configuration, so the caller says
 * that it is one: `{ project: true }` leaves the reporter out. It stands once then, beside `projects`.
 *
 * @throws OPTIONS_INVALID with all mistakes at once.
 * @example
 * export default withLiveWorkers(
 *   { workers: { ops: { command: ['python', 'worker.py'], ready: [rabbitmq({ queues: ['default'] })] } } },
 *   { testMatch: ['**\/*.test.ts'] },
 * );
 * @example
 * export default {
 *   projects: [withLiveWorkers({ workers }, { displayName: 'tasks' }, { project: true }), 'packages/web'],
 *   reporters: ['default', 'jest-environment-live-worker/reporter'],
 * };
 */
export function withLiveWorkers<Config extends object>(
  options: LiveWorkersOptions,
  jestConfig: Config,
  place: ConfigPlace = {},
): Config & LiveWorkersConfig {
  const mistakes = [...checkJestConfig(jestConfig), ...checkConfigPlace(place)];
  if (mistakes.length > 0)
    throw optionsInvalid('Cannot add live workers to the Jest configuration', mistakes);
  const given = jestConfig as Partial<LiveWorkersConfig>;
  const { testEnvironment, testEnvironmentOptions, reporters, watchPathIgnorePatterns = [] } = given;
  return {
    ...jestConfig,
    testEnvironment: testEnvironment ?? 'live-worker',
    testEnvironmentOptions: { ...testEnvironmentOptions, ...defineLiveWorkers(options) },
    watchPathIgnorePatterns: [...new Set([...watchPathIgnorePatterns, records])],
    ...(place.project === true ? {} : { reporters: withOwn(reporters ?? ['default'], options) }),
  };
}

function withOwn(
  reporters: NonNullable<LiveWorkersConfig['reporters']>,
  { workers }: LiveWorkersOptions,
): typeof reporters {
  if (reporters.some(reporter => [reporter].flat()[0] === ownReporter)) return reporters;
  const sharesWorkers = Object.values(workers).some(({ scope }) => scope === 'run');
  return [...reporters, sharesWorkers ? [ownReporter, { sharesWorkers }] : ownReporter];
}
