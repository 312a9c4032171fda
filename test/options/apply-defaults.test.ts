import { parseOptions } from '../../src/options/parse-options.ts';

test('parseOptions() fills in every default', () => {
  expect(parseOptions({ workers: { ops: { command: ['worker'], ready: [] } } })).toEqual({
    gate: 'tests',
    keepAliveMs: 0,
    services: {},
    workers: [
      {
        name: 'ops',
        command: ['worker'],
        shell: false,
        cwd: '.',
        envFiles: [],
        env: {},
        inherit: 'all',
        requireEnv: [],
        ports: [],
        after: [],
        stdin: 'ignore',
        ready: [],
        startTimeoutMs: 30_000,
        stop: { signal: 'SIGTERM', graceMs: 10_000 },
        onExit: 'fail',
        restartLimit: { count: 3, withinMs: 10_000 },
        scope: 'file',
        leftover: 'fail',
        tap: false,
        coverage: false,
        otel: false,
        echo: false,
        stacksSignal: null,
        attach: false,
        maxLogBytes: 1024 ** 3,
      },
    ],
  });
});

test('parseOptions() keeps what is given', () => {
  const worker = {
    command: ['worker', '${PORT}', ''],
    shell: false,
    cwd: 'services/ops',
    env: { A: '', B: null, C: '${PORT}' },
    inherit: ['PATH'],
    requireEnv: ['RABBITMQ_URL'],
    ports: ['PORT'],
    after: [],
    startTimeoutMs: 0,
    stop: { signal: 'SIGINT', graceMs: 1 },
    stacksSignal: 'SIGUSR2',
    onExit: 'restart',
    restartLimit: { count: 1, withinMs: 1 },
    scope: 'file',
    tap: true,
    coverage: true,
    otel: true,
    echo: true,
    attach: false,
    maxLogBytes: 1,
    stdin: 'pipe',
  };
  const [spec] = parseOptions({
    workers: { ops: { ...worker, envFile: ['a', 'b'], ready: [] } },
    gate: 'setup',
  }).workers;
  expect(spec).toEqual({ name: 'ops', leftover: 'fail', ...worker, envFiles: ['a', 'b'], ready: [] });
});

test('parseOptions() keeps what is given of a worker that all files share', () => {
  const shared = { scope: 'run', leftover: 'purge', onExit: 'ignore', echo: true };
  const [spec] = parseOptions({ workers: { ops: { ...shared, command: ['worker'], ready: [] } } }).workers;
  expect(spec).toMatchObject(shared);
});

test.each(['tap', 'otel'] as const)(
  'parseOptions() hands the %s on top down to workers that say nothing of their own',
  option => {
    const worker = { command: ['worker'], ready: [] };
    const { workers } = parseOptions({
      [option]: true,
      workers: { own: { ...worker, [option]: false }, other: worker, attached: { ...worker, attach: true } },
    });
    expect(workers.map(worker => [worker.name, worker[option]])).toEqual([
      ['own', false],
      ['other', true],
      ['attached', true],
    ]);
  },
);

test('parseOptions() hands the coverage on top down to workers that say nothing of their own and are started here', () => {
  const worker = { command: ['worker'], ready: [] };
  const { workers } = parseOptions({
    coverage: true,
    workers: { own: { ...worker, coverage: false }, other: worker, attached: { ...worker, attach: true } },
  });
  expect(workers.map(({ name, coverage }) => [name, coverage])).toEqual([
    ['own', false],
    ['other', true],
    ['attached', false],
  ]);
});

test('parseOptions() keeps what the tap of a worker is to leave out of account', () => {
  const worker = { command: ['worker'], ready: [] };
  const ignore = { queues: ['metrics'], presets: ['ping'] };
  const { workers } = parseOptions({
    tap: { ignore },
    workers: { ops: worker, plain: { ...worker, tap: {} } },
  });
  expect(workers.map(({ tap, tapIgnore }) => [tap, tapIgnore])).toEqual([
    [true, ignore],
    [true, undefined],
  ]);
});

test('parseOptions() makes arrays of a single envFile and of a script', () => {
  const [spec] = parseOptions({
    workers: { ops: { command: 'a && b', shell: true, envFile: '.env', ready: [] } },
  }).workers;
  expect(spec).toMatchObject({ command: ['a && b'], shell: true, envFiles: ['.env'] });
});

test('parseOptions() hands the common startTimeoutMs to workers that set none', () => {
  const { workers } = parseOptions({
    startTimeoutMs: 5,
    workers: {
      first: { command: ['worker'], ready: [] },
      second: { command: ['worker'], ready: [], startTimeoutMs: 7 },
    },
  });
  expect(workers.map(({ startTimeoutMs }) => startTimeoutMs)).toEqual([5, 7]);
});

test('parseOptions() keeps the order of the workers', () => {
  const worker = { command: ['worker'], ready: [] };
  const { workers } = parseOptions({ workers: { c: worker, a: worker, b: worker } });
  expect(workers.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
});

test.each([
  [
    { kind: 'rabbitmq', queues: ['a'] },
    { consumers: 1, share: false, strangers: 'fail', purge: false },
  ],
  [
    { kind: 'rabbitmq', queues: ['a'], share: true },
    { consumers: 1, strangers: 'ignore', purge: false },
  ],
  [
    { kind: 'rabbitmq', queues: ['a'], share: true, strangers: 'fail' },
    { consumers: 1, purge: false },
  ],
  [{ kind: 'postgres', table: 'task' }, { connection: false }],
  [
    { kind: 'tcp', port: 80 },
    { host: '127.0.0.1', strangers: 'fail' },
  ],
  [{ kind: 'log', pattern: 'x' }, { stream: 'both' }],
  [{ kind: 'command', command: ['x'] }, { attemptTimeoutMs: 5_000 }],
  [
    { kind: 'http', url: 'http://127.0.0.1:${PORT}/' },
    { status: '200-299', strangers: 'fail' },
  ],
  [{ kind: 'file', path: 'ready' }, {}],
  [{ kind: 'socket', path: 'ready.sock' }, {}],
  [{ kind: 'notify' }, {}],
  [{ kind: 'module', path: './probe.ts', options: { a: [null] } }, {}],
])('parseOptions() completes the probe %j', (probe, defaults) => {
  const [spec] = parseOptions({ workers: { ops: { command: ['worker'], ready: [probe] } } }).workers;
  expect(spec?.ready).toEqual([{ ...probe, ...defaults }]);
});
