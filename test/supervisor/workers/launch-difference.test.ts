import type { WorkerSpec } from '../../../src/options/options.ts';
import { findDifference, listDifferences } from '../../../src/supervisor/workers/launch-difference.ts';
import {
  identifyLaunch,
  type LaunchIdentity,
  workerKey,
} from '../../../src/supervisor/workers/worker-key.ts';
import { workerSpec } from '../../launch/worker-spec.ts';

const launch: LaunchIdentity = {
  options: { name: 'ops', ready: [], env: {}, stop: { signal: 'SIGTERM', graceMs: 1 } },
  file: '/usr/bin/node',
  args: ['worker.js'],
  cwd: '/app',
  env: { A: '1', B: 'secret' },
  jestNode: '/usr/bin/node',
};

test.each<[string, Partial<LaunchIdentity>, readonly string[]]>([
  ['nothing', {}, []],
  ['variables, by name only', { env: { B: 'other', C: '3' } }, ['env.A', 'env.B', 'env.C']],
  ['the folder', { cwd: '/other' }, ['cwd']],
  ['the arguments', { args: ['other.js'] }, ['command']],
  ['the program', { file: '/usr/bin/python3' }, ['interpreter']],
  ["Jest's own Node", { jestNode: '/opt/node' }, ['interpreter']],
  [
    'options',
    { options: { ...launch.options, ready: [{}], stop: { signal: 'SIGINT', graceMs: 1 } } },
    ['options.ready', 'options.stop'],
  ],
  [
    'a variable that an option sets',
    { env: { A: '2', B: 'secret' }, options: { ...launch.options, env: { A: '2' } } },
    ['env.A'],
  ],
  ['an option without an effect', { options: { ...launch.options, env: { PWD: '/' } } }, ['options.env']],
])('listDifferences() of two launches that differ by %s', (_, changes, by) => {
  expect(listDifferences(launch, { ...launch, ...changes })).toEqual(by);
});

test('findDifference() takes the nearest of the other workers of that name', () => {
  const of = (name: string, folder: string, changes: Partial<LaunchIdentity>) => ({
    spec: { name },
    folder: `/records/${folder}`,
    identity: { ...launch, ...changes },
  });
  const own = of('ops', 'workers__ops.3', {});
  expect(findDifference(own, [own])).toBeUndefined();
  const others = [
    of('ops', 'workers__ops', { cwd: '/other', args: [] }),
    of('ops', 'workers__ops.2', { env: { A: '1' } }),
    of('api', 'workers__api', {}),
  ];
  expect(findDifference(own, [...others, own])).toEqual({ other: 'workers__ops.2', by: ['env.B'] });
});

test('workerKey() is the same for launches that differ by what changes nothing about a worker', () => {
  const keyOf = (spec: Partial<WorkerSpec>, env: Readonly<Record<string, string>>) => {
    const plan = { file: 'node', args: [], cwd: '/', env } as unknown as Parameters<typeof identifyLaunch>[1];
    return workerKey(identifyLaunch(workerSpec(spec), plan, 'node'));
  };
  const key = keyOf({}, { A: '1', B: '2' });
  const other = { startTimeoutMs: 1, echo: true, leftover: 'purge' } as const;
  expect(keyOf(other, { B: '2', A: '1', PWD: '/', LIVE_WORKER_ID: 'x', TERM_PROGRAM: 'y' })).toBe(key);
  expect(keyOf({ maxLogBytes: 1 }, { A: '1', B: '2' })).not.toBe(key);
  expect(keyOf({}, { A: '1', B: '3' })).not.toBe(key);
});
