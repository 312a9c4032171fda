import type { Events } from './run-folder.ts';

const epochMs = 1_700_000_000_000;
export const traces = { passed: '1'.repeat(32), failed: '2'.repeat(32), retried: '3'.repeat(32) };

/** Events of one test file whose worker tells of itself: a test that passed, and one that was tried twice and failed. */
export function tracedFile(rootDir: string, name = 'a.test.js'): Events {
  const at = (ms: number) => epochMs + ms;
  const test = (number: number, trace: string) => ({ test: `test ${number}`, number, trace, logs: {} });
  const span = (ms: number, id: string, trace: string, more: Readonly<Record<string, unknown>>) => ({
    atMs: at(ms),
    event: 'otel.span',
    worker: 'ops',
    trace,
    span: id,
    agoMs: 5,
    durationMs: 10,
    ...more,
  });
  const failure = 'Error: expected\n\n    at run (/a.test.js:1:1)';
  return [
    {
      atMs: at(0),
      event: 'session.opened',
      testPath: `${rootDir}/${name}`,
      workers: ['ops'],
      pid: 7,
      clockMs: 5_000,
    },
    { atMs: at(20), event: 'worker.spawned', worker: 'ops', pid: 9, id: 'ops.7.x' },
    { atMs: at(100), event: 'worker.ready', worker: 'ops' },
    span(104, 'a0', '9'.repeat(32), { name: 'poll', kind: 'internal', attributes: {} }),
    { atMs: at(110), event: 'gate.opened' },
    { atMs: at(120), event: 'test.started', ...test(1, traces.passed) },
    { atMs: at(130), event: 'test.ended', test: 'test 1', number: 1, outcome: 'passed', logs: {} },
    { atMs: at(140), event: 'test.started', ...test(2, traces.retried) },
    {
      atMs: at(240),
      event: 'test.ended',
      test: 'test 2',
      number: 2,
      outcome: 'failed',
      logs: {},
      failures: [failure],
    },
    { atMs: at(250), event: 'test.started', ...test(2, traces.failed) },
    span(280, 'b2', traces.failed, {
      name: 'INSERT payment',
      kind: 'client',
      parent: 'b1',
      isError: true,
      message: 'duplicate key\n  of payment',
      attributes: { 'db.system': 'postgresql', 'db.query.text': 'INSERT INTO payment\n  VALUES ($1)' },
    }),
    span(281, 'b1', traces.failed, {
      name: 'orders process',
      kind: 'consumer',
      parent: 'ff',
      isError: true,
      agoMs: 1,
      durationMs: 25,
      attributes: {},
    }),
    {
      atMs: at(350),
      event: 'test.ended',
      test: 'test 2',
      number: 2,
      outcome: 'failed',
      logs: {},
      failures: [failure],
    },
    span(360, 'c1', traces.passed, {
      name: 'late\u202e',
      kind: 'consumer',
      attributes: { '<b>': '</script>' },
    }),
    { atMs: at(400), event: 'worker.stopping', worker: 'ops', signal: 'SIGTERM' },
    { atMs: at(410), event: 'otel.left-out', worker: 'ops', spans: 3 },
    { atMs: at(420), event: 'session.closed', problems: 0, failures: [] },
  ];
}
