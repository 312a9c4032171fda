import type { Evidence } from '../../src/diagnose/evidence.ts';
import { explainDeath } from '../../src/diagnose/explain-death.ts';
import { explainStartFailure } from '../../src/diagnose/explain-start-failure.ts';
import { findCauses } from '../../src/diagnose/find-causes.ts';
import { explainServiceFailure } from '../../src/service/explain-service-failure.ts';
import { explainStrangers } from '../../src/service/rabbitmq/queues/explain-strangers.ts';
import { rabbitmqDescription } from '../../src/service/rabbitmq/rabbitmq-description.ts';
import { explainPortStrangers } from '../../src/worker/prepare/explain-port-strangers.ts';
import {
  broker,
  evidence,
  exited,
  killedBy,
  search,
  stderr,
  timeout,
  toBroker,
  variable,
} from './crafted-evidence.ts';

const screenLines = 40;
const many = (count: number, text: string) => Array.from({ length: count }, (_, index) => `${text} ${index}`);

function explain(rest: Partial<Evidence>): string {
  const known = evidence(rest);
  if (known.failure.kind === 'died')
    return explainDeath(known.failure.exit, { kind: 'after', test: 'a test' }, known).message;
  return explainStartFailure(known.failure, known).message;
}

test('explainStartFailure() gives everything that is known, in this order, of a failure nobody knows', () => {
  const error = explainStartFailure(
    exited(9),
    evidence({
      failure: exited(9),
      probes: [
        { probe: 'Postgres has table "task"', answer: { kind: 'ready' } },
        {
          probe: 'queue "default" has 1 new consumer',
          answer: { kind: 'pending', why: 'it does not exist yet' },
        },
        { probe: 'file ready exists', answer: undefined },
      ],
      leftOver: [
        { queue: 'default', messages: 3 },
        { queue: 'mail', messages: 1 },
      ],
      command: ['/usr/bin/celery', 'worker'],
    }),
  );
  expect(error.message.split('\n')).toEqual([
    'Cannot start worker "ops": it exited with code 9 before it was ready',
    'also seen: queue "default" held 3 messages from before the worker was started',
    'also seen: queue "mail" held 1 message from before the worker was started',
    '  waited for: queue "default" has 1 new consumer',
    '  last seen:  it does not exist yet',
    '  waited for: file ready exists',
    '  last seen:  nothing, it was not asked yet',
    '',
    'stderr, last lines:',
    '  | it is over',
    'stdout, last lines:',
    '  | starting',
    'command: /usr/bin/celery worker',
    'cwd:     /app/services/ops',
    'run by:  /app/.venv/bin/python',
    'logs:    /app/.live-worker/ops.stderr.log',
    '         /app/.live-worker/ops.stdout.log',
  ]);
  expect(error).toMatchObject({ code: 'EXITED_BEFORE_READY', details: { exit: { code: 9 } } });
});

test('the leading cause stands under the headline with what to change, then the first lines of two others', () => {
  const rest = {
    ...stderr(
      "ModuleNotFoundError: No module named 'dramatiq'",
      'Error: connect ECONNREFUSED 127.0.0.1:5999',
      'relation "task" does not exist',
      'Error: listen EADDRINUSE: address already in use :::9191',
    ),
  };
  expect(explain(rest).split('\n').slice(0, 5)).toEqual([
    'Cannot start worker "ops": it exited with code 1 before it was ready',
    expect.stringMatching(/^cause: {2}Python has no module "dramatiq"/),
    expect.stringMatching(/^change: install "dramatiq"/),
    expect.stringMatching(/^also seen: port 9191 is in use already/),
    expect.stringMatching(/^also seen: relation "task" does not exist/),
  ]);
  expect(explain(rest)).not.toContain('nothing listens on');
});

test('further lines of a cause are set under its first', () => {
  const text = explain({
    ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5999'),
    services: [broker],
  });
  expect(text).toMatch(/^cause: {2}nothing listens on .*\n {8}The probe expects RabbitMQ/m);
});

test.each([
  [exited(3), 'EXITED_BEFORE_READY', 'it exited with code 3 before it was ready'],
  [killedBy('SIGSEGV'), 'EXITED_BEFORE_READY', 'it was killed by SIGSEGV before it was ready'],
  [timeout, 'START_TIMEOUT', 'it is alive but not ready after 30000 ms'],
  [{ kind: 'probe-fatal', probe: 'x', why: 'the query is wrong' }, 'NOT_READY', 'the query is wrong'],
  [{ kind: 'spawn-failed', error: new Error('EAGAIN') }, 'SPAWN_FAILED', 'EAGAIN'],
  [{ kind: 'spawn-failed', error: new Error('Cannot start worker "ops": no') }, 'SPAWN_FAILED', 'no'],
] as const)('explainStartFailure() heads %j with its code', (failure, code, what) => {
  const error = explainStartFailure(failure, evidence({ failure }));
  expect(error.code).toBe(code);
  expect(error.message.split('\n')[0]).toBe(`Cannot start worker "ops": ${what}`);
});

test('explainDeath() says during which test, why, and what was written last', () => {
  const { exit } = killedBy('SIGKILL');
  const known = evidence({
    failure: { kind: 'died', exit },
    memoryKills: { count: 2, of: 'machine' },
    leftOver: [{ queue: 'default', messages: 2 }],
  });
  const lines = explainDeath(
    exit,
    { kind: 'test', test: 'tasks a bad one', justAfter: undefined },
    known,
  ).message.split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'Worker "ops" was killed by SIGKILL during the test "tasks a bad one", and live-worker did not stop it',
    expect.stringContaining('counter of this machine rose by 2 since the worker was started'),
    expect.stringMatching(/^change: /),
    'also seen: queue "default" held 2 messages from before the worker was started',
  ]);
  expect(lines).toContain('  | it is over');
  expect(explainDeath(exit, { kind: 'none', last: undefined }, known).message).toContain('while no test ran');
});

test.each<[string, Partial<Evidence>]>([
  ['long outputs', { output: { stdout: many(200, 'out'), stderr: many(200, 'err') } }],
  [
    'many probes',
    {
      failure: timeout,
      probes: many(30, 'probe').map(probe => ({ probe, answer: { kind: 'pending', why: 'no' } as const })),
      output: { stdout: many(50, 'out'), stderr: many(50, 'err') },
    },
  ],
  [
    'a probe that answers in a hundred lines',
    { failure: { kind: 'probe-fatal', probe: 'x', why: many(100, 'line').join('\n') } },
  ],
  [
    'a crowd on the port, and left-over messages on many queues',
    {
      output: {
        stdout: many(50, 'out'),
        stderr: [...many(50, 'err'), 'Error: listen EADDRINUSE: address already in use :::9191'],
      },
      search: search({
        listenersOn: () => many(60, 'holder').map((command, pid) => ({ pid, command })),
      }),
      leftOver: many(50, 'queue').map(queue => ({ queue, messages: 1 })),
    },
  ],
  [
    'a death',
    {
      failure: { kind: 'died', exit: { code: 1, signal: null } },
      output: { stdout: many(200, 'out'), stderr: many(200, 'err') },
      leftOver: many(50, 'queue').map(queue => ({ queue, messages: 1 })),
    },
  ],
])('a failure with %s fits a screen, and still tells the last line and the logs', (_what, rest) => {
  const lines = explain(rest).split('\n');
  expect(lines.length).toBeLessThanOrEqual(screenLines);
  const { output } = evidence(rest);
  expect(lines).toContain(`  | ${output.stdout.at(-1)}`);
  expect(lines).toContain(`  | ${output.stderr.at(-1)}`);
  expect(lines.at(-1)).toBe('         /app/.live-worker/ops.stdout.log');
});

test('a stack of frames of the runtime alone says nothing, and is not shown', () => {
  const text = '    at listOnTimeout (node:internal/timers:581:17)';
  expect(explain({ failure: timeout, stacks: [{ pid: 7, runtime: 'node', text }] })).not.toContain('was in:');
});

test('a failure with long outputs uses the screen: ten lines of each', () => {
  const text = explain({ output: { stdout: many(200, 'out'), stderr: many(200, 'err') } });
  expect(text.match(/^ {2}\| out \d+$/gm)).toHaveLength(10);
  expect(text.match(/^ {2}\| err \d+$/gm)).toHaveLength(10);
});

test.each([
  ['Error: no settings', true],
  ['TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string', true],
  ['Uncaught RangeError: too far', true],
  ['java.lang.IllegalStateException: closed', true],
  ['panic: runtime error: index out of range', true],
  ['    Error: of something quoted', false],
  ['an Error is spoken of', false],
])('the line "%s" is kept above the last lines: %s', (line, isKept) => {
  const lines = [...many(3, 'before'), line, ...many(15, '    at frame')];
  const text = explain(stderr(...lines));
  const shown = /^stderr, last lines:\n((?: {2}\| .*\n)+)/m.exec(text)?.[1]?.trimEnd().split('\n') ?? [];
  expect(shown).toHaveLength(10);
  if (isKept) expect(shown.slice(0, 2)).toEqual([`  | ${line}`, '  | …']);
  else expect(shown[0]).toBe('  |     at frame 5');
  expect(shown.at(-1)).toBe('  |     at frame 14');
});

test('a line that names the error and is among the last ones anyway is not repeated', () => {
  const lines = [...many(20, 'before'), 'Error: no settings', ...many(5, '    at frame')];
  expect(explain(stderr(...lines)).match(/^ {2}\| Error: no settings$/gm)).toHaveLength(1);
});

test('a line of a megabyte is cut', () => {
  const text = explain(stderr('x'.repeat(1_000_000)));
  expect(text.length).toBeLessThan(2_000);
  expect(text).toContain(`${'x'.repeat(300)}…`);
});

test('findCauses() leads with what the worker named, then what its sockets prove', () => {
  const causes = findCauses(
    evidence({
      failure: timeout,
      output: { stdout: [], stderr: ["ModuleNotFoundError: No module named 'x'"] },
      services: [broker],
      peers: [],
    }),
  );
  expect(causes.map(({ text }) => text.split(' ').slice(0, 3).join(' '))).toEqual([
    'Python has no',
    'it is alive,',
  ]);
});

test('findCauses() finds none where nothing is known', () => {
  expect(findCauses(evidence())).toEqual([]);
  expect(
    findCauses(evidence({ failure: timeout, services: [broker], peers: [toBroker], queues: [] })),
  ).toHaveLength(1);
});

test('a value that was masked stays masked in a cause', () => {
  const text = explain({
    ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5999'),
    variables: [variable('RABBITMQ_URL', 'amqp://guest:***@127.0.0.1:5999/ops')],
  });
  expect(text).toContain('which comes from RABBITMQ_URL, set in .env:1');
  expect(text).not.toContain('guest');
});

test('explainStrangers() and explainPortStrangers() name who it may be, in a screen', () => {
  const candidates = many(50, 'python worker').map((command, pid) => ({
    pid,
    command,
    ageSeconds: 60 * pid,
  }));
  const ofQueue = explainStrangers({
    worker: 'ops',
    queue: 'default',
    count: 2,
    candidates: candidates.slice(0, 5),
  });
  expect(ofQueue.message.split('\n').slice(0, 5)).toEqual([
    `Cannot start worker "ops": queue "default" already has 2 consumers that are not this worker's and would take its messages`,
    'cause:  another consumer; candidates on this machine, connected to that broker:',
    '  | pid 0, for 0 s: python worker 0',
    '  | pid 1, for 60 s: python worker 1',
    '  | pid 2, for 2 min: python worker 2',
  ]);
  const ofPort = explainPortStrangers({
    worker: 'ops',
    host: '::1',
    port: 8080,
    answerer: 'this machine',
    candidates,
  });
  expect(ofPort.code).toBe('STRANGERS_ON_PORT');
  expect(ofPort.message).toContain('a process listens on [::1]:8080 already');
  expect(ofPort.message.split('\n').length).toBeLessThanOrEqual(screenLines);
});

test.each([
  ['this machine', 'cause:  the port is held by a process that this user may not look at, or of a container'],
  ['another machine', 'cause:  that address is not of this machine'],
] as const)('explainPortStrangers() claims nothing of what it cannot see on %s', (answerer, cause) => {
  const error = explainPortStrangers({ worker: 'ops', host: 'api', port: 80, answerer, candidates: [] });
  expect(error.message.split('\n')[1]).toBe(cause);
});

test.each([
  ['nothing listens on localhost:5672 (ECONNREFUSED)', 'start RabbitMQ there'],
  [
    'RabbitMQ at localhost:5672 refused the login of user "ops" (403)',
    'correct the user and the password in RABBITMQ_URL',
  ],
  ['RabbitMQ at localhost:5672 refused vhost "ops" to user "ops" (530)', 'rabbitmqctl add_vhost'],
  ['the name of mq:5672 does not exist (ENOTFOUND)', 'correct the host in RABBITMQ_URL'],
  [
    'localhost:80 accepts connections but does not answer: is this an AMQP port?',
    'correct the port in RABBITMQ_URL',
  ],
  ['something else', 'look at the log of RabbitMQ, or correct RABBITMQ_URL'],
])('explainServiceFailure() says what to do when %s', (why, advice) => {
  const error = explainServiceFailure([
    { worker: 'ops', service: rabbitmqDescription, why, source: 'RABBITMQ_URL, set in .env:3' },
  ]);
  expect(error.message.split('\n')).toEqual([
    `Cannot start worker "ops": ${why}`,
    'cause:  its URL comes from RABBITMQ_URL, set in .env:3',
    expect.stringContaining(`change: ${advice}`),
  ]);
});
