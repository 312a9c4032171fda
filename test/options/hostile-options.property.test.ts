import fc from 'fast-check';
import { readOptions } from '../../src/options/options-key.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import { selectWorkers } from '../../src/options/select-workers.ts';
import { linesOf } from './mistakes-in.ts';

function deep(levels: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { workers: value };
  return value;
}

function circular(): object {
  const value: Record<string, unknown> = { command: ['x'] };
  value.self = value;
  value.ready = [value];
  return value;
}

/** Made when it is wanted: fast-check itself would stumble over some. */
type Maker = () => unknown;

/** What no JSON holds, and the odd that JSON does hold. */
const hostile: fc.Arbitrary<Maker> = fc.oneof(
  fc.constantFrom<Maker>(
    circular,
    () => new Array(3),
    () => ({ toString: 1, valueOf: 1, toJSON: 1 }),
    () => Object.create(null),
    () => Object.create({ workers: {} }),
    () => JSON.parse('{"__proto__":{"workers":{}},"constructor":{"prototype":1}}'),
    () => new Map([['a', 1]]),
    () => Buffer.alloc(1_000_000),
  ),
  fc
    .constantFrom<unknown>(
      10n,
      Symbol('s'),
      /x/,
      () => {},
      class {},
      Number.NaN,
      -0,
      Infinity,
      undefined,
      null,
      new Date(),
    )
    .map(value => () => value),
  fc
    .constantFrom(
      '\ud800',
      '\udfff x',
      '\0',
      '',
      ' ',
      '__proto__',
      'constructor',
      'toString',
      '${',
      '${A',
      '💥',
    )
    .map(text => () => text),
  fc.nat(2_000_000).map(length => () => 'long '.repeat(length / 5)),
  fc.integer({ min: 90, max: 20_000 }).map(levels => () => deep(levels)),
);
const key = fc.constantFrom(
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '\ud800',
    'ops',
    'none',
    '',
    'x'.repeat(100_000),
  ],
);

/** An own member, whatever its name: `__proto__` would be set otherwise. */
const owning = (name: string, value: unknown): object =>
  Object.defineProperty({}, name, { value, enumerable: true, configurable: true, writable: true });

const option = fc.constantFrom(
  ...[
    'command',
    'cwd',
    'envFile',
    'env',
    'inherit',
    'requireEnv',
    'ports',
    'after',
    'ready',
    'stop',
    'shell',
    'restartLimit',
  ],
  ...['startTimeoutMs', 'onExit', 'scope', 'leftover', 'echo', 'stdin', 'attach', 'maxLogBytes'],
);
const probe: fc.Arbitrary<Maker> = fc.oneof(
  hostile,
  fc
    .tuple(
      fc.constantFrom(
        ...[
          'rabbitmq',
          'postgres',
          'http',
          'tcp',
          'file',
          'log',
          'command',
          'module',
          'toString',
          '__proto__',
        ],
      ),
      fc.constantFrom('queues', 'url', 'path', 'pattern', 'command', 'options', 'kind', 'port'),
      hostile,
    )
    .map(
      ([kind, name, make]): Maker =>
        () => ({ ...owning('kind', kind), ...owning(name, make()) }),
    ),
);
const worker = { command: ['x'], ready: [] };
const options: fc.Arbitrary<Maker> = fc.oneof(
  hostile,
  hostile.map(
    (make): Maker =>
      () => ({ workers: make() }),
  ),
  fc.tuple(key, hostile).map(
    ([name, make]): Maker =>
      () => ({ workers: owning(name, make()) }),
  ),
  fc.tuple(key, option, hostile).map(
    ([name, field, make]): Maker =>
      () => ({ workers: owning(name, { ...worker, [field]: make() }) }),
  ),
  fc.tuple(key, hostile).map(
    ([name, make]): Maker =>
      () => ({ workers: { ops: { ...worker, env: owning(name, make()) } } }),
  ),
  fc.array(probe, { maxLength: 3 }).map(
    (makers): Maker =>
      () => ({ workers: { ops: { ...worker, ready: makers.map(make => make()) } } }),
  ),
);

/** The lines of a refusal are short, and each names a place. */
function judge(run: () => unknown): void {
  const [, ...lines] = linesOf(run);
  for (const line of lines) {
    expect(line.split('\n')[0]).toMatch(/^\S.*: /s);
    expect(line.length).toBeLessThan(4_000);
  }
}

test('parseOptions() takes or refuses whatever it gets, in time, and says where', () => {
  fc.assert(
    fc.property(options, make => {
      const value = make();
      const start = performance.now();
      judge(() => parseOptions(value));
      expect(performance.now() - start).toBeLessThan(5_000);
    }),
    { numRuns: 250 },
  );
});

test('readOptions() takes or refuses whatever testEnvironmentOptions are', () => {
  const outer = fc.oneof(
    hostile,
    hostile.map(
      (make): Maker =>
        () => ({ liveWorker: make() }),
    ),
    key.map(
      (name): Maker =>
        () =>
          owning(name, 1),
    ),
  );
  fc.assert(
    fc.property(outer, make => {
      const value = make();
      linesOf(() => readOptions(value));
    }),
    { numRuns: 250 },
  );
});

test('names of Object.prototype are names of variables like any other, and no names of workers', () => {
  const env = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') as object;
  const { workers } = parseOptions({ workers: { constructor: { command: ['x'], ready: [], env } } });
  expect(workers.map(({ name }) => name)).toEqual(['constructor']);
  expect(Object.entries(workers[0]?.env ?? {})).toEqual(Object.entries(env));
  expect(
    linesOf(() => parseOptions(JSON.parse('{"workers":{"__proto__":{"command":["x"],"ready":[]}}}'))),
  ).toHaveLength(2);
});

const spec = parseOptions({
  workers: {
    ops: { command: ['x'], ready: [] },
    api: { command: ['x'], ready: [], after: ['ops'] },
    constructor: { command: ['x'], ready: [] },
  },
});
const pragmaText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        'ops',
        'api',
        'none',
        'constructor',
        '__proto__',
        ',',
        ' ',
        '\t',
        '\n',
        '\0',
        'x'.repeat(10_000),
      ),
    )
    .map(words => words.join(' ')),
);

test('selectWorkers() chooses workers there are, or refuses, whatever the pragmas of a file', () => {
  const pragma = fc.oneof(pragmaText, fc.array(pragmaText, { maxLength: 4 }));
  fc.assert(
    fc.property(
      fc.constantFrom('live-worker', 'liveWorker', '__proto__', 'jest-environment'),
      pragma,
      pragma,
      (name, one, other) => {
        const pragmas = Object.assign(owning(name, one), { other }) as Record<string, string>;
        judge(() => {
          const chosen = selectWorkers(spec, pragmas, 'a.test.js').workers;
          expect(spec.workers).toEqual(expect.arrayContaining([...chosen]));
          if (chosen.some(worker => worker.name === 'api'))
            expect(chosen.map(worker => worker.name)).toContain('ops');
        });
      },
    ),
    { numRuns: 1_000 },
  );
});
