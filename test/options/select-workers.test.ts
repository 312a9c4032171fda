import { parseOptions } from '../../src/options/parse-options.ts';
import { selectWorkers } from '../../src/options/select-workers.ts';
import { linesOf } from './mistakes-in.ts';

const worker = { command: ['worker'], ready: [] };
const spec = parseOptions({
  workers: {
    ops: { ...worker, after: ['api'] },
    mail: worker,
    api: { ...worker, after: ['store'] },
    store: worker,
  },
});
const wanted = 'want one of "ops", "mail", "api", "store", "none"';

test.each<[string, Readonly<Record<string, string | readonly string[]>>, readonly string[]]>([
  ['all without a pragma', {}, ['ops', 'mail', 'api', 'store']],
  [
    'all with pragmas of others',
    { 'jest-environment': 'live-worker', live: 'x' },
    ['ops', 'mail', 'api', 'store'],
  ],
  ['the one named', { 'live-worker': 'mail' }, ['mail']],
  ['several in the order of the options', { 'live-worker': 'store  mail' }, ['mail', 'store']],
  ['several with commas', { 'live-worker': 'store, mail' }, ['mail', 'store']],
  ['several of a repeated pragma', { 'live-worker': ['store', 'mail'] }, ['mail', 'store']],
  ['those it waits for', { 'live-worker': 'ops' }, ['ops', 'api', 'store']],
  ['one named twice', { 'live-worker': 'mail mail' }, ['mail']],
  ['none', { 'live-worker': 'none' }, []],
  ['none twice', { 'live-worker': ['none', 'none'] }, []],
])('selectWorkers() picks %s', (_, pragmas, names) => {
  expect(namesOf(pragmas)).toEqual(names);
});

test('selectWorkers() gives a file workers of its own where it asks for that', () => {
  const shared = parseOptions({ workers: { ops: { ...worker, scope: 'run' } } });
  const scopesOf = (pragmas: Readonly<Record<string, string>>) =>
    selectWorkers(shared, pragmas, '/a.test.ts').workers.map(({ scope }) => scope);
  expect(scopesOf({})).toEqual(['run']);
  expect(scopesOf({ 'live-worker-scope': 'file' })).toEqual(['file']);
});

test('selectWorkers() keeps the rest of the options', () => {
  expect(selectWorkers({ ...spec, gate: 'setup' }, { 'live-worker': 'none' }, '/a.test.ts')).toEqual({
    gate: 'setup',
    keepAliveMs: 0,
    services: {},
    workers: [],
  });
});

test.each<[Readonly<Record<string, string | readonly string[]>>, readonly string[]]>([
  [{ 'live-worker': '' }, [`@live-worker: got nothing, ${wanted}`]],
  [{ 'live-worker': 'opps' }, [`@live-worker: got "opps", ${wanted}; did you mean "ops"?`]],
  [
    { 'live-worker': 'ops Sends' },
    [
      `@live-worker: got "Sends", ${wanted}; Jest reads the line below a pragma as part of it; leave that one empty`,
    ],
  ],
  [
    { 'live-worker': 'none ops' },
    ['@live-worker: got "none" together with other names, want names or none, not both'],
  ],
  [{ liveworker: 'ops' }, ['@liveworker: got an unknown pragma, want @live-worker']],
  [{ 'live-workers': 'ops' }, ['@live-workers: got an unknown pragma, want @live-worker']],
  [{ 'live-worker_scope': 'file' }, ['@live-worker_scope: got an unknown pragma, want @live-worker-scope']],
  [
    { 'live-worker-scope': 'run' },
    [
      '@live-worker-scope: got "run", want "file": workers of the run are chosen by scope in the configuration',
    ],
  ],
  [
    { 'live-worker-scope': '' },
    [
      '@live-worker-scope: got nothing, want "file": workers of the run are chosen by scope in the configuration',
    ],
  ],
  [{ live_worker: 'ops' }, ['@live_worker: got an unknown pragma, want @live-worker']],
  [{ liveWorker: 'ops' }, ['@liveWorker: got an unknown pragma, want @live-worker']],
  [
    { liveWorkers: 'ops', 'live-worker': ['x', 'mial'] },
    [
      '@liveWorkers: got an unknown pragma, want @live-worker',
      `@live-worker: got "x", ${wanted}; Jest reads the line below a pragma as part of it; leave that one empty`,
      `@live-worker: got "mial", ${wanted}; did you mean "mail"?`,
    ],
  ],
])('selectWorkers() refuses %j', (pragmas, lines) => {
  const count = lines.length === 1 ? '1 mistake' : `${lines.length} mistakes`;
  expect(linesOf(() => namesOf(pragmas))).toEqual([
    `Cannot choose the workers of /project/tasks.test.ts: ${count}`,
    ...lines,
  ]);
});

test('selectWorkers() carries the test file in its details', () => {
  expect(() => namesOf({ 'live-worker': 'opps' })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ testPath: '/project/tasks.test.ts' }) }),
  );
});

function namesOf(pragmas: Readonly<Record<string, string | readonly string[]>>): readonly string[] {
  return selectWorkers(spec, pragmas, '/project/tasks.test.ts').workers.map(({ name }) => name);
}
