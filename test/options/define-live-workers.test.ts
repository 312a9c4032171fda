import { defineLiveWorkers } from '../../src/options/define-live-workers.ts';
import type { LiveWorkersOptions } from '../../src/options/options.ts';
import { readOptions } from '../../src/options/options-key.ts';
import { linesOf } from './mistakes-in.ts';

const valid: LiveWorkersOptions = { workers: { ops: { command: ['worker'], ready: [] } } };

test('defineLiveWorkers() returns the options as they were, where readOptions() finds them', () => {
  expect(readOptions(defineLiveWorkers(valid))).toBe(valid);
});

test('defineLiveWorkers() returns nothing else', () => {
  expect(Object.keys(defineLiveWorkers(valid))).toEqual(['liveWorker']);
});

test('defineLiveWorkers() fits testEnvironmentOptions', () => {
  const testEnvironmentOptions: Record<string, unknown> = defineLiveWorkers(valid);
  expect(testEnvironmentOptions).toEqual({ liveWorker: valid });
});

test('defineLiveWorkers() refuses what does not survive JSON', () => {
  const ready = [{ kind: 'log', pattern: /ready/ }];
  const options = { workers: { ops: { command: ['worker'], ready } } } as unknown as LiveWorkersOptions;
  expect(linesOf(() => defineLiveWorkers(options))).toHaveLength(2);
});
