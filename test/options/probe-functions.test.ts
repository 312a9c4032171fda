import * as probes from '../../src/options/probe-functions.ts';
import { linesOf, mistakesInWorker } from './mistakes-in.ts';

test('the probe functions add their kind', () => {
  expect(allProbes()).toEqual([
    { kind: 'rabbitmq', queues: ['default'], consumers: 2 },
    { kind: 'postgres' },
    { kind: 'postgres', table: 'task' },
    { kind: 'http', url: 'http://localhost/' },
    { kind: 'tcp', port: '${PORT}' },
    { kind: 'file', path: 'ready' },
    { kind: 'socket', path: 'ready.sock' },
    { kind: 'log', pattern: 'ready', stream: 'stderr' },
    { kind: 'notify' },
    { kind: 'command', command: ['pg_isready'] },
    { kind: 'command', command: ['pg_isready'], attemptTimeoutMs: 100 },
    { kind: 'module', path: './probe.ts' },
    { kind: 'module', path: './probe.ts', options: { a: 1 } },
    { kind: 'http', url: 'http://localhost/', status: [401, '300-399'], intervalMs: 1 },
    { kind: 'file', path: 'ready', intervalMs: 2 },
    { kind: 'socket', path: 'ready.sock', intervalMs: 3 },
    { kind: 'notify', intervalMs: 4 },
    { kind: 'command', command: ['pg_isready'], intervalMs: 5 },
    { kind: 'module', path: './probe.ts', intervalMs: 6 },
  ]);
});

test('the probe functions return what parseOptions() accepts', () => {
  const mistakes = allProbes().flatMap(probe => mistakesInWorker({ ready: [probe] }));
  expect(mistakes).toEqual([]);
});

test.each<[string, () => unknown, string]>([
  ["log('ready')", () => probes.log('ready' as never), 'log(): got "ready", want an object: log({ pattern: '],
  ['log(/ready/)', () => probes.log(/ready/ as never), 'log(): got /ready/, want an object: log({ pattern: '],
  ["http('http://x')", () => probes.http('http://u:secret@x' as never), 'http(): got "http://u:***@x", want'],
  ['tcp(3000)', () => probes.tcp(3000 as never), 'tcp(): got 3000, want an object: tcp({ port: 3000 })'],
  ["rabbitmq(['a'])", () => probes.rabbitmq(['a'] as never), 'rabbitmq(): got ["a"], want an object: '],
  ["postgres('t')", () => probes.postgres('t' as never), 'postgres(): got "t", want an object: '],
])('%s is one mistake that says how it is written', (_, call, line) => {
  expect(linesOf(call)).toEqual([expect.stringContaining('1 mistake'), expect.stringContaining(line)]);
});

test('log() turns a RegExp into JSON', () => {
  expect(probes.log({ pattern: /ready (\d+)/iu })).toEqual({
    kind: 'log',
    pattern: { source: 'ready (\\d+)', flags: 'iu' },
  });
});

test('log() leaves the source of a RegExp as it is', () => {
  const pattern = { source: 'a', flags: '' };
  expect(probes.log({ pattern })).toEqual({ kind: 'log', pattern });
});

function allProbes(): readonly object[] {
  return [
    probes.rabbitmq({ queues: ['default'], consumers: 2 }),
    probes.postgres(),
    probes.postgres({ table: 'task' }),
    probes.http({ url: 'http://localhost/' }),
    probes.tcp({ port: '${PORT}' }),
    probes.file('ready'),
    probes.socket('ready.sock'),
    probes.log({ pattern: 'ready', stream: 'stderr' }),
    probes.notify(),
    probes.command(['pg_isready']),
    probes.command(['pg_isready'], { attemptTimeoutMs: 100 }),
    probes.moduleProbe('./probe.ts'),
    probes.moduleProbe('./probe.ts', { a: 1 }),
    probes.http({ url: 'http://localhost/', status: [401, '300-399'], intervalMs: 1 }),
    probes.file('ready', { intervalMs: 2 }),
    probes.socket('ready.sock', { intervalMs: 3 }),
    probes.notify({ intervalMs: 4 }),
    probes.command(['pg_isready'], { intervalMs: 5 }),
    probes.moduleProbe('./probe.ts', undefined, { intervalMs: 6 }),
  ];
}
