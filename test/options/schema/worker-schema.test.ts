import { mistakesIn, mistakesInWorker } from '../mistakes-in.ts';

const timeWanted = 'want a whole number of milliseconds from 0 to 2147483647';
const argvWanted = 'want an array of strings: the program and its arguments';
const variableWanted = 'want the name of a variable: not empty and without =';

test('parseOptions() says what a missing ready stands for', () => {
  expect(mistakesIn({ workers: { ops: { command: ['worker'] } } })).toEqual([
    'workers.ops.ready: got nothing, want an array of probes; say what proves that the worker is ready, or `ready: []` when spawned is enough',
  ]);
});

test('parseOptions() names both missing options of a worker', () => {
  const paths = mistakesIn({ workers: { ops: {} } }).map(line => line.split(',')[0]);
  expect(paths).toEqual(['workers.ops.command: got nothing', 'workers.ops.ready: got nothing']);
});

test.each<[object, string]>([
  [
    { command: `python -c 'import this' a\\ b ""` },
    `command: got "python -c 'import this' a\\\\ b \\"\\"", ${argvWanted}; write ["python", "-c", "import this", "a b", ""], or set shell: true`,
  ],
  [
    { command: 'migrate && worker' },
    `command: got "migrate && worker", ${argvWanted}; set shell: true, as only a shell understands &&`,
  ],
  [
    { command: 'echo "a && b"', shell: false },
    `command: got "echo \\"a && b\\"", ${argvWanted}; write ["echo", "a && b"], or set shell: true`,
  ],
  [
    { command: ['python', '-c', 'import this'], shell: true },
    `command: got ["python", "-c", "import this"], want a string, because of shell: true; write "python -c 'import this'", or leave shell out`,
  ],
  [{ command: ' ', shell: true }, 'command: got " ", want a string, because of shell: true'],
  [{ command: '' }, `command: got "", ${argvWanted}`],
  [{ command: [] }, `command: got [], ${argvWanted}`],
  [{ command: [' ', 'x'] }, `command: got [" ", "x"], ${argvWanted}`],
  [{ command: ['worker', 2] }, 'command[1]: got 2, want a string'],
  [{ shell: 'bash' }, 'shell: got "bash", want true or false'],
  [{ cwd: '' }, 'cwd: got "", want a path'],
  [{ cwd: null }, 'cwd: got null, want a path'],
  [{ envFile: 1 }, 'envFile: got 1, want a path or an array of paths'],
  [{ envFile: ['.env', ''] }, 'envFile[1]: got "", want a path'],
  [{ env: 'A=secret' }, 'env: got a string, want an object of strings, null to unset one'],
  [{ env: ['A=secret'] }, 'env: got an array, want an object of strings, null to unset one'],
  [{ env: { A: true } }, 'env.A: got a boolean, want a string, or null to unset it; put it in quotes'],
  [{ env: { A: ['secret'] } }, 'env.A: got an array, want a string, or null to unset it'],
  [{ env: { '': 'x' } }, 'env[""]: got the name "", want a name that is not empty and without ='],
  [
    { env: { 'A=secret': 'x' } },
    'env["A=***"]: got the name "A=***", want a name that is not empty and without =',
  ],
  [
    { inherit: 'al' },
    'inherit: got "al", want "all", "none" or an array of names of variables; did you mean "all"?',
  ],
  [{ inherit: ['PATH', ''] }, `inherit[1]: got "", ${variableWanted}`],
  [{ requireEnv: ['A=secret'] }, `requireEnv[0]: got "A=***", ${variableWanted}`],
  [{ requireEnv: 'A' }, 'requireEnv: got "A", want an array of names of variables; put it into [ ]'],
  [{ ports: [''] }, `ports[0]: got "", ${variableWanted}`],
  [{ after: 'api' }, 'after: got "api", want an array of names of workers; put it into [ ]'],
  [{ after: [1] }, 'after[0]: got 1, want the name of a worker'],
  [{ ready: {} }, 'ready: got an empty object, want an array of probes'],
  [{ startTimeoutMs: '30s' }, `startTimeoutMs: got "30s", ${timeWanted}`],
  [{ startTimeoutMs: 2 ** 31 }, `startTimeoutMs: got 2147483648, ${timeWanted}`],
  [{ stop: 'SIGINT' }, 'stop: got "SIGINT", want an object with signal, graceMs or both'],
  [{ stop: { graceMs: -1 } }, `stop.graceMs: got -1, ${timeWanted}`],
  [{ stop: { graceMs: 0.5 } }, `stop.graceMs: got 0.5, ${timeWanted}`],
  [{ stop: { grace: 1 } }, 'stop.grace: got an unknown option, want a known one; did you mean "graceMs"?'],
  [
    { stop: { signal: 'int' } },
    'stop.signal: got "int", want the name of a signal, such as "SIGTERM"; did you mean "SIGINT"?',
  ],
  [{ stop: { signal: 15 } }, 'stop.signal: got 15, want the name of a signal, such as "SIGTERM"'],
  [
    { onExit: 'restrat' },
    'onExit: got "restrat", want one of "fail", "restart", "ignore"; did you mean "restart"?',
  ],
  [
    { onExit: 'restart', restartLimit: 3 },
    'restartLimit: got 3, want an object with count, withinMs or both',
  ],
  [
    { onExit: 'restart', restartLimit: { count: 0 } },
    'restartLimit.count: got 0, want a whole number from 1 to 1000',
  ],
  [
    { onExit: 'restart', restartLimit: { withinMs: 0 } },
    'restartLimit.withinMs: got 0, want a whole number of milliseconds from 1 to 2147483647',
  ],
  [
    { onExit: 'restart', restartLimit: { within: 1 } },
    'restartLimit.within: got an unknown option, want a known one; did you mean "withinMs"?',
  ],
  [
    { restartLimit: { count: 1 } },
    "restartLimit: got a limit of restarts, want none without onExit: 'restart'",
  ],
  [
    { attach: true, onExit: 'restart' },
    'onExit: got "restart" beside attach: true, want "fail" or "ignore"; with attach: true another process starts it, and does not start it again',
  ],
  [{ scope: 'suite' }, 'scope: got "suite", want one of "file", "run"'],
  [
    { scope: 'run', onExit: 'restart' },
    'onExit: got "restart" beside scope: "run", want "fail" or "ignore"; the next file gets a fresh worker in any case',
  ],
  [{ scope: 'run', leftover: 'keep' }, 'leftover: got "keep", want one of "fail", "purge", "ignore"'],
  [
    { leftover: 'purge' },
    'leftover: got "purge" without scope: "run", want none; it is about messages that a worker of the run leaves when it dies',
  ],
  [
    { scope: 'run', attach: true, leftover: 'fail' },
    'leftover: got "fail" beside attach: true, want none; it is about messages that a worker of the run leaves when it dies',
  ],
  [{ echo: 'yes' }, 'echo: got "yes", want true or false'],
  [{ tap: 'rabbitmq' }, 'tap: got "rabbitmq", want true, false, or an object with ignore'],
  [
    { tap: { ignore: { presets: ['pgboss'] } } },
    'tap.ignore.presets[0]: got "pgboss", want one of "graphile-worker", "pg-boss", "ping"; did you mean "pg-boss"?',
  ],
  [
    { tap: true, attach: true },
    'tap: got true beside attach: true, want none; a worker that another process started has its connections already',
  ],
  [
    { coverage: true, attach: true },
    'coverage: got true beside attach: true, want none; what is to measure a worker has to be there when it is started',
  ],
  [{ otel: 'http' }, 'otel: got "http", want true or false'],
  [
    { otel: true, attach: true },
    'otel: got true beside attach: true, want none; a worker that another process started has its variables already',
  ],
  [{ stdin: 'inherit' }, 'stdin: got "inherit", want one of "ignore", "pipe"'],
  [{ maxLogBytes: 0 }, 'maxLogBytes: got 0, want a whole number of bytes from 1'],
  [{ maxLogBytes: '1 GiB' }, 'maxLogBytes: got "1 GiB", want a whole number of bytes from 1'],
  [{ shel: true }, 'shel: got an unknown option, want a known one; did you mean "shell"?'],
])('parseOptions() refuses a worker with %j', (worker, line) => {
  expect(mistakesInWorker(worker)).toEqual([line]);
});

test('parseOptions() cuts no character in half', () => {
  const [line = ''] = mistakesInWorker({ echo: `x${'😀'.repeat(100)}` });
  expect(line).toBe(`echo: got "x${'😀'.repeat(38)}…, want true or false`);
});

test('parseOptions() cuts long values to 80 characters', () => {
  const [line] = mistakesInWorker({ echo: 'x'.repeat(1000) });
  expect(line).toBe(`echo: got "${'x'.repeat(78)}…, want true or false`);
});
