import { mistakesInProbe } from '../mistakes-in.ts';

const rabbitmq = { kind: 'rabbitmq', queues: ['default'] };
const complete: Readonly<Record<string, object>> = {
  rabbitmq: { queues: ['default'] },
  http: { url: 'http://localhost/' },
  tcp: { port: 80 },
  file: { path: 'ready' },
  socket: { path: 'ready' },
  log: { pattern: 'ready' },
  command: { command: ['true'] },
  module: { path: './probe.ts' },
};
const kindsWanted =
  'want one of "rabbitmq", "postgres", "http", "tcp", "file", "socket", "log", "notify", "command", "module"';
const urlWanted =
  'want a URL that starts with http:// or https://, or holds a reference such as "${BASE_URL}"';
const portWanted = 'want a port from 1 to 65535, or a string such as "${HTTP_PORT}"';
const patternWanted = 'want a string that is not empty, or the source and flags of a valid RegExp';

test.each<[unknown, string]>([
  ['notify', ': got "notify", want a probe, such as notify() or { kind: "notify" }'],
  [{ kind: 'rabitmq', queue: 1 }, `kind: got "rabitmq", ${kindsWanted}; did you mean "rabbitmq"?`],
  [{ queues: ['a'] }, `kind: got nothing, ${kindsWanted}`],
  [{ kind: ['rabbitmq'] }, `kind: got ["rabbitmq"], ${kindsWanted}`],
  [{ kind: { toString: 1, valueOf: 1 } }, `kind: got an object with toString, valueOf, ${kindsWanted}`],
  [{ kind: 'constructor' }, `kind: got "constructor", ${kindsWanted}`],
  [{ kind: 'rabbitmq' }, 'queues: got nothing, want an array of at least one queue'],
  [{ kind: 'rabbitmq', queues: [] }, 'queues: got [], want an array of at least one queue'],
  [
    { kind: 'rabbitmq', queues: 'default' },
    'queues: got "default", want an array of at least one queue; put it into [ ]',
  ],
  [{ kind: 'rabbitmq', queues: [''] }, 'queues[0]: got "", want the name of a queue'],
  [
    { kind: 'rabbitmq', queues: ['a', 'b', 'a'] },
    'queues[2]: got "a", want each queue once; it is queues[0] already',
  ],
  [{ ...rabbitmq, consumers: 0 }, 'consumers: got 0, want a whole number from 1'],
  [{ ...rabbitmq, consumers: 1.5 }, 'consumers: got 1.5, want a whole number from 1'],
  [{ ...rabbitmq, strangers: 'warning' }, 'strangers: got "warning", want one of "fail", "warn", "ignore"'],
  [{ ...rabbitmq, share: 1 }, 'share: got 1, want true or false'],
  [{ ...rabbitmq, purge: 'yes' }, 'purge: got "yes", want true or false'],
  [
    { ...rabbitmq, share: true, purge: true },
    'purge: got true, want false; with share: true other test files may use the queues at the same time',
  ],
  [{ ...rabbitmq, managementUrl: 'localhost:15672' }, `managementUrl: got "localhost:15672", ${urlWanted}`],
  [{ ...rabbitmq, url: '' }, 'url: got "", want a string that is not empty'],
  [{ ...rabbitmq, queue: 'a' }, 'queue: got an unknown option, want a known one; did you mean "queues"?'],
  [{ kind: 'postgres', table: '' }, 'table: got "", want a string that is not empty'],
  [{ kind: 'http', url: 'localhost:3000' }, `url: got "localhost:3000", ${urlWanted}`],
  [{ kind: 'http', url: 'ftp://me:secret@host/' }, `url: got "ftp://me:***@host/", ${urlWanted}`],
  [{ kind: 'http' }, `url: got nothing, ${urlWanted}`],
  [
    { kind: 'http', url: 'http://localhost/', strangers: 'no' },
    'strangers: got "no", want one of "fail", "warn", "ignore"',
  ],
  [{ kind: 'tcp', port: 80, strangers: 'no' }, 'strangers: got "no", want one of "fail", "warn", "ignore"'],
  [{ kind: 'tcp', port: 0 }, `port: got 0, ${portWanted}`],
  [{ kind: 'tcp', port: '65536' }, `port: got "65536", ${portWanted}`],
  [{ kind: 'tcp', port: 'HTTP_PORT' }, `port: got "HTTP_PORT", ${portWanted}`],
  [{ kind: 'file', path: '' }, 'path: got "", want a path'],
  [{ kind: 'socket' }, 'path: got nothing, want a path'],
  [{ kind: 'log', pattern: '' }, `pattern: got "", ${patternWanted}`],
  [
    { kind: 'log', pattern: { source: '(', flags: '' } },
    `pattern: got an object with source, flags, ${patternWanted}`,
  ],
  [
    { kind: 'log', pattern: { source: 'x' } },
    'pattern.flags: got nothing, want a string, empty for no flags',
  ],
  [
    { kind: 'log', pattern: 'x', stream: 'stdin' },
    'stream: got "stdin", want one of "stdout", "stderr", "both"',
  ],
  ...[0, 402.5, '200', '2xx', '399-200', '200-600', [], [200, 'ok']].map((status): [unknown, string] => [
    { kind: 'http', url: 'http://localhost/', status },
    `status: got ${JSON.stringify(status).replace(',', ', ')}, want a status from 100 to 599, a range such as "200-399", or a list of these`,
  ]),
  ...['rabbitmq', 'postgres', 'http', 'tcp', 'file', 'socket', 'log', 'notify', 'command', 'module'].map(
    (kind): [unknown, string] => [
      { ...complete[kind], kind, intervalMs: 0 },
      'intervalMs: got 0, want a whole number of milliseconds from 1 to 2147483647',
    ],
  ),
  [{ kind: 'notify', fd: 3 }, 'fd: got an unknown option, want a known one: kind, intervalMs'],
  [
    { kind: 'command', command: 'pg_isready -q' },
    'command: got "pg_isready -q", want an array of strings: the program and its arguments; write ["pg_isready", "-q"], or write ["sh", "-c", "pg_isready -q"]',
  ],
  [
    { kind: 'command', command: ['x'], attemptTimeoutMs: 0 },
    'attemptTimeoutMs: got 0, want a whole number of milliseconds from 1 to 2147483647',
  ],
  [{ kind: 'module', path: '' }, 'path: got "", want a path'],
])('parseOptions() refuses the probe %j', (probe, line) => {
  expect(mistakesInProbe(probe)).toEqual([line]);
});

test.each([
  { kind: 'tcp', port: '8080' },
  { kind: 'tcp', port: '${HTTP_PORT}' },
  { kind: 'http', url: '${BASE_URL}/health' },
  { kind: 'http', url: 'https://127.0.0.1:${PORT}/' },
  { ...rabbitmq, purge: true, managementUrl: 'http://guest:guest@localhost:15672' },
  { kind: 'postgres' },
  { kind: 'log', pattern: ' ' },
  { kind: 'log', pattern: { source: 'ready', flags: 'i' } },
])('parseOptions() accepts the probe %j', probe => {
  expect(mistakesInProbe(probe)).toEqual([]);
});
