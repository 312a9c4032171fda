import {
  answersOtherwise,
  nearlyThere,
  neverAsked,
  probeSays,
} from '../../../src/diagnose/causes/probe-reasons.ts';
import { findCauses } from '../../../src/diagnose/find-causes.ts';
import { broker, evidence, search, timeout, toBroker, unmet } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const get = 'GET http://127.0.0.1:3000/health answers with 2xx';
const web = (why: string) => unmet({ kind: 'http', host: '127.0.0.1', port: 3000, wanted: '2xx' }, why, get);
const path = (kind: 'file' | 'socket') =>
  unmet({ kind, path: '/app/services/ops/run/ready', asked: 'run/ready' }, 'it does not exist');
const there = { search: search({ nearestPath: () => '/app/services/ops/run/redy' }) };

test.each([
  ['it answers with status 401', 'status: 401'],
  ['it answers with status 403', 'a URL that needs no login'],
  ['it answers with status 404', 'correct the path of url'],
  ['it answers with status 500', 'read its output'],
  [
    'it answers with status 302, a redirect, more than 5 times: / -> /',
    'take the redirect for an answer: status: 302',
  ],
  ['it answers with status 418', 'status: 418'],
  ['it speaks TLS: write https:// in url', 'correct the scheme'],
  ['it does not speak TLS: write http:// in url', 'correct the scheme'],
])('answersOtherwise() says what to change where %s', (why, change) => {
  const cause = answersOtherwise(evidence(web(why)));
  expect(cause?.text).toBe(`GET http://127.0.0.1:3000/health: ${why}; wanted 2xx`);
  expect(cause?.change.join()).toContain(change);
});

testRules({
  shown: [
    [
      answersOtherwise,
      'a status',
      web('it answers with status 500'),
      ['it answers with status 500; wanted 2xx'],
    ],
    [
      nearlyThere,
      'a file with nearly the name',
      { ...path('file'), ...there },
      [
        'there is /app/services/ops/run/redy, the probe asks for /app/services/ops/run/ready',
        'set path: "run/redy" on the probe instead of "run/ready": it counts from cwd; or make the worker write there',
      ],
    ],
    [
      nearlyThere,
      'the socket it listens on',
      { ...path('socket'), ...there, listeningPaths: ['/tmp/ops.sock'] },
      ['it listens on /tmp/ops.sock, the probe asks for', 'or make the worker listen there'],
    ],
    [
      probeSays,
      'a pattern',
      { ...unmet({ kind: 'log', pattern: 'consuming', stream: 'both' }, 'it has not been written yet') },
      ['it has not written "consuming"; its last line is "starting"'],
    ],
    [
      probeSays,
      'a notice',
      unmet({ kind: 'notify' }, 'x'),
      ['it never wrote a newline to the descriptor in LIVE_WORKER_READY_FD'],
    ],
    [
      probeSays,
      'a command',
      unmet({ kind: 'command' }, 'it ended with code 2: no response', 'pg_isready ends with code 0'),
      ['pg_isready: it ended with code 2: no response', 'run it by hand'],
    ],
    [
      probeSays,
      'a module',
      unmet({ kind: 'module' }, 'queue "mails" has 0 workers', './bullmq.ts says it is ready'),
      ['./bullmq.ts says: queue "mails" has 0 workers'],
    ],
    [probeSays, 'a file', path('file'), ['it has not made /app/services/ops/run/ready']],
    [
      probeSays,
      'a socket',
      path('socket'),
      ['no process accepts connections on /app/services/ops/run/ready'],
    ],
    [
      probeSays,
      'a silent server',
      web('no answer within 2000 ms'),
      [`waited for in vain: ${get}; no answer within 2000 ms`],
    ],
    [
      neverAsked,
      'probes without an answer',
      {
        failure: timeout,
        startTimeoutMs: 2_000,
        probes: [{ probe: 'x', answer: undefined, target: { kind: 'service' } }],
      },
      ['none of its probes has answered once within 2000 ms', 'startTimeoutMs'],
    ],
    [
      probeSays,
      'a database',
      unmet({ kind: 'service' }, 'query answers no row', 'Postgres has a row'),
      ['waited for in vain: Postgres has a row; query answers no row'],
    ],
  ],
  silent: [
    [neverAsked, 'an answer', unmet({ kind: 'service' }, 'queue "default" has 0 consumers')],
    [neverAsked, 'no probe', { failure: timeout }],
    [answersOtherwise, 'no answer', web('no answer within 2000 ms')],
    [answersOtherwise, 'a refusal', web('nothing listens on 127.0.0.1:3000 (ECONNREFUSED)')],
    [answersOtherwise, 'another probe', unmet({ kind: 'module' }, 'it answers with status 500')],
    [nearlyThere, 'nothing near', path('file')],
    [nearlyThere, 'a file, and sockets', { ...path('file'), listeningPaths: ['/tmp/ops.sock'] }],
    [
      probeSays,
      'a probe that was not asked yet',
      { failure: timeout, probes: [{ probe: 'x', answer: undefined, target: { kind: 'notify' } }] },
    ],
    [probeSays, 'an exit', { ...path('file'), failure: { kind: 'exited', exit: { code: 0, signal: null } } }],
    [
      probeSays,
      'a worker that wrote nothing at all',
      {
        ...unmet({ kind: 'log', pattern: 'consuming', stream: 'both' }, 'it has not been written yet'),
        output: { stdout: [], stderr: [] },
      },
    ],
  ],
});

test('the reason of a probe is told only where nothing else is known', () => {
  const seen = unmet({ kind: 'service' }, 'queue "default" has 0 consumers');
  const consuming = {
    ...seen,
    services: [broker],
    peers: [toBroker],
    queues: [{ queue: 'default', consumers: 0 }],
  };
  expect(findCauses(evidence(consuming)).map(({ text }) => text.split(',')[0])).toEqual([
    'it is connected to RabbitMQ at localhost:5672',
  ]);
  expect(findCauses(evidence(seen))[0]?.text).toBe(
    'waited for in vain: a probe; queue "default" has 0 consumers',
  );
});
