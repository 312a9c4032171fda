import { createContext, runInContext } from 'node:vm';
import { copyJson } from '../../src/options/copy-json.ts';
import { mistakesIn, mistakesInProbe, mistakesInWorker } from './mistakes-in.ts';

const jsonWanted = "want JSON, because nothing else survives Jest's worker processes";

class Setting {}

test.each<[string, unknown, string]>([
  ['a function', () => 1, 'a function'],
  ['a named function', function probe() {}, 'the function probe'],
  ['a symbol', Symbol('x'), 'a symbol'],
  ['a bigint', 1n, 'a bigint'],
  ['a class instance', new Setting(), 'an instance of Setting'],
  ['a nameless instance', new (class {})(), 'an instance of a class'],
  ['an inherited object', Object.create({ a: 1 }), 'an instance of Object'],
  ['a Date', new Date(0), 'an instance of Date'],
  ['a Map', new Map(), 'an instance of Map'],
  ['NaN', Number.NaN, 'NaN'],
  ['Infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
  ['undefined in an array', [undefined], 'undefined in an array'],
  ['a hole in an array', new Array(1), 'undefined in an array'],
])('parseOptions() refuses %s anywhere', (_, value, given) => {
  const [line = '', ...others] = mistakesInProbe({
    kind: 'module',
    path: './probe.ts',
    options: { deep: [value] },
  });
  expect(line.replace(/^options\.deep\[0\](\[0\])?: /, '')).toBe(`got ${given}, ${jsonWanted}`);
  expect(others).toEqual([]);
});

test('parseOptions() shows the way to write a RegExp', () => {
  expect(mistakesInProbe({ kind: 'log', pattern: /ready/ })).toEqual([
    `pattern: got a RegExp, ${jsonWanted}; use log({ pattern: /…/ }) of jest-environment-live-worker/config, or a string`,
  ]);
});

test('parseOptions() names what a circular reference leads back to', () => {
  const options: Record<string, unknown> = {};
  options.self = { back: options };
  expect(mistakesInProbe({ kind: 'module', path: './probe.ts', options })).toEqual([
    `options.self.back: got a circular reference to workers.ops.ready[0].options, ${jsonWanted}`,
  ]);
});

test('parseOptions() names a circular reference to the options themselves', () => {
  const options: Record<string, unknown> = {};
  options.workers = options;
  expect(mistakesIn(options)).toEqual([`workers: got a circular reference to the options, ${jsonWanted}`]);
});

test('parseOptions() says of a value that is no JSON only that', () => {
  expect(mistakesInWorker({ env: { A: () => 1 }, after: [Symbol('x')], command: /x/ })).toHaveLength(3);
});

test('parseOptions() says of an unknown option that it is unknown, whatever its value', () => {
  expect(mistakesInWorker({ onReady() {} })).toEqual([
    expect.stringContaining('onReady: got an unknown option'),
    `onReady: got the function onReady, ${jsonWanted}`,
  ]);
});

test('parseOptions() refuses NUL in values and in names', () => {
  const line = 'got a string with a NUL character, want one without';
  expect(mistakesInWorker({ cwd: 'a\0', env: { 'B\0': 'secret\0' } })).toEqual([
    `cwd: ${line}`,
    `env["B\\u0000"]: ${line}`,
    `env["B\\u0000"]: ${line}`,
  ]);
});

test('parseOptions() refuses what is nested too deep', () => {
  let deep: unknown = [];
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const [line] = mistakesInProbe({ kind: 'module', path: './probe.ts', options: deep });
  expect(line).toMatch(/got something 101 levels deep, want at most 100 levels$/);
});

test('parseOptions() names a mistake in every place of a shared value', () => {
  const worker = { command: ['worker'], ready: [{ kind: 'log', pattern: /x/ }] };
  const lines = mistakesIn({ workers: { ops: worker, api: worker } });
  expect(lines.map(line => line.split(',')[0])).toEqual([
    'workers.api.ready[0].pattern: got a RegExp',
    'workers.ops.ready[0].pattern: got a RegExp',
  ]);
});

test('copyJson() leaves undefined properties out and makes -0 a 0, as JSON does', () => {
  expect(copyJson({ a: undefined, b: -0 })).toStrictEqual({ copy: { b: 0 }, mistakes: [] });
});

test('copyJson() takes objects of another realm and without a prototype', () => {
  const foreign = runInContext('({ a: [{}] })', createContext());
  const bare = Object.assign(Object.create(null), { a: 1 });
  expect(copyJson([foreign, bare])).toStrictEqual({ copy: [{ a: [{}] }, { a: 1 }], mistakes: [] });
});

test('copyJson() keeps a key named __proto__ a key', () => {
  const { copy } = copyJson(JSON.parse('{ "__proto__": { "a": 1 } }'));
  expect(Object.entries(copy as object)).toEqual([['__proto__', { a: 1 }]]);
});
