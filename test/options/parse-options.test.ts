import { type errorCodes, LiveWorkerError } from '../../src/errors.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import { linesOf, mistakesIn } from './mistakes-in.ts';

const fiveMistakes = {
  workers: {
    ops: {
      command: 'python -m dramatiq "my tasks" amqp://guest:secret@localhost',
      cdw: 'services/ops',
      env: { PORT: 5432, PASSWORD: 'hunter2' },
      ready: [{ kind: 'rabitmq', queues: ['default'] }],
      stop: { signal: 'SIGTREM' },
    },
  },
};

test('parseOptions() names every mistake at once', () => {
  expect(linesOf(() => parseOptions(fiveMistakes))).toEqual([
    'Cannot use the options of live-worker: 5 mistakes',
    'workers.ops.cdw: got an unknown option, want a known one; did you mean "cwd"?',
    'workers.ops.command: got "python -m dramatiq \\"my tasks\\" amqp://guest:***@localhost", want an array of strings: the program and its arguments; write ["python", "-m", "dramatiq", "my tasks", "amqp://guest:***@localhost"], or set shell: true',
    'workers.ops.env.PORT: got a number, want a string, or null to unset it; put it in quotes',
    'workers.ops.ready[0].kind: got "rabitmq", want one of "rabbitmq", "postgres", "http", "tcp", "file", "socket", "log", "notify", "command", "module"; did you mean "rabbitmq"?',
    'workers.ops.stop.signal: got "SIGTREM", want the name of a signal, such as "SIGTERM"; did you mean "SIGTERM"?',
  ]);
});

test('parseOptions() carries the mistakes in its details', () => {
  const options = { workers: { ops: { command: ['worker'], ready: [], echo: 1, cdw: '' } } };
  expect(thrownBy(options)).toMatchObject({
    code: 'OPTIONS_INVALID' satisfies keyof typeof errorCodes,
    details: {
      mistakes: [
        {
          path: 'workers.ops.cdw',
          given: 'an unknown option',
          wanted: 'a known one',
          hint: 'did you mean "cwd"?',
        },
        { path: 'workers.ops.echo', given: '1', wanted: 'true or false' },
      ],
    },
  });
});

test('parseOptions() throws a LiveWorkerError that a program can recognise', () => {
  expect(thrownBy(null)).toBeInstanceOf(LiveWorkerError);
});

test('parseOptions() prints 20 mistakes and counts the others', () => {
  const options = {
    workers: {},
    ...Object.fromEntries([...Array(25).keys()].map(index => [`x${index}`, 1])),
  };
  const lines = linesOf(() => parseOptions(options));
  expect([lines[0], lines.length, lines.at(-1)]).toEqual([
    'Cannot use the options of live-worker: 25 mistakes',
    22,
    'and 5 more',
  ]);
  expect(thrownBy(options)).toMatchObject({ details: { mistakes: { length: 25 } } });
});

test.each([
  [undefined, 'the options: got nothing, want an object with workers'],
  [null, 'the options: got null, want an object with workers'],
  [[], 'the options: got [], want an object with workers'],
  ['ops', 'the options: got "ops", want an object with workers'],
  [{}, 'workers: got nothing, want an object of workers by name'],
  [{ workers: [{ env: { A: 'secret' } }] }, 'workers: got an array of 1, want an object of workers by name'],
  [{ workers: { ops: [] } }, 'workers.ops: got [], want an object with command and ready'],
  [{ workers: {}, gate: 'test' }, 'gate: got "test", want one of "tests", "setup"; did you mean "tests"?'],
  [{ workers: {}, wokers: {} }, 'wokers: got an unknown option, want a known one; did you mean "workers"?'],
  [
    { workers: {}, retries: 3 },
    'retries: got an unknown option, want a known one: workers, gate, startTimeoutMs, keepAliveMs, isolate, services, tap, coverage, otel',
  ],
])('parseOptions() refuses %j as a whole', (options, line) => {
  expect(mistakesIn(options)).toEqual([line]);
});

test.each(['constructor', 'toString', '__proto__'])(
  'parseOptions() takes %s for the unknown option it is',
  name => {
    const options = JSON.parse(`{ "workers": {}, "${name}": 1 }`);
    expect(mistakesIn(options)).toEqual([
      `${name}: got an unknown option, want a known one: workers, gate, startTimeoutMs, keepAliveMs, isolate, services, tap, coverage, otel`,
    ]);
  },
);

test('parseOptions() keeps a worker named constructor', () => {
  const { workers } = parseOptions({ workers: { constructor: { command: ['worker'], ready: [] } } });
  expect(workers.map(({ name }) => name)).toEqual(['constructor']);
});

test('parseOptions() lists the mistakes of a worker together', () => {
  const worker = { command: ['worker'], ready: [], after: ['nobody'], echo: 1, env: { A: 1 } };
  const paths = mistakesIn({ workers: { second: worker, first: worker } }).map(line => line.split(':')[0]);
  expect(paths).toEqual([
    'workers.first.after[0]',
    'workers.first.echo',
    'workers.first.env.A',
    'workers.second.after[0]',
    'workers.second.echo',
    'workers.second.env.A',
  ]);
});

function thrownBy(options: unknown): unknown {
  try {
    return parseOptions(options);
  } catch (error) {
    return error;
  }
}
