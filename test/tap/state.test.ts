import type { AmqpEvent } from '../../src/tap/amqp/amqp-event.ts';
import { AmqpReader } from '../../src/tap/amqp/amqp-reader.ts';
import type { PostgresEvent } from '../../src/tap/postgres/postgres-event.ts';
import { PostgresReader } from '../../src/tap/postgres/postgres-reader.ts';
import { AmqpState } from '../../src/tap/state/amqp-state.ts';
import { PostgresState } from '../../src/tap/state/postgres-state.ts';
import { Refusals } from '../../src/tap/state/refusals.ts';
import { readRecording } from './read-recording.ts';

const channel = 1;

function consuming(...events: readonly AmqpEvent[]): AmqpState {
  const state = new AmqpState();
  const begin: readonly AmqpEvent[] = [
    { kind: 'consume', channel, queue: 'default', consumer: 'a', noAck: false, noWait: false },
    { kind: 'consuming', channel, consumer: 'a' },
    ...[1, 2, 3, 4].map(delivery => deliver(delivery)),
    ...events,
  ];
  begin.forEach((event, index) => void state.apply(event, index * 10));
  return state;
}

function deliver(delivery: number, consumer = 'a'): AmqpEvent {
  return {
    kind: 'deliver',
    channel,
    consumer,
    delivery,
    redelivered: false,
    exchange: '',
    routingKey: 'any',
  };
}

function ack(delivery: number, multiple = false): AmqpEvent {
  return { kind: 'ack', by: 'client', channel, delivery, multiple };
}

const left = (state: AmqpState) => state.sight(100).unacknowledged;

test('what was delivered and not acknowledged is counted by queue, with the age of the oldest', () => {
  expect(left(consuming())).toEqual([{ queue: 'default', messages: 4, oldestMs: 80 }]);
  expect(left(consuming(ack(1), ack(2)))).toEqual([{ queue: 'default', messages: 2, oldestMs: 60 }]);
});

test.each<[string, readonly AmqpEvent[], number]>([
  ['an ack', [ack(3)], 3],
  ['an ack of several', [ack(3, true)], 1],
  ['an ack of several, all', [ack(0, true)], 0],
  ['an ack of several after single ones', [ack(2), ack(3, true)], 1],
  ['a nack', [{ kind: 'nack', by: 'client', channel, delivery: 2, multiple: true, requeue: true }], 2],
  ['a reject', [{ kind: 'reject', channel, delivery: 2, requeue: false }], 3],
  ['a recovery', [{ kind: 'recovered', channel }], 0],
  ['a confirmation of the broker', [{ kind: 'ack', by: 'server', channel, delivery: 4, multiple: true }], 4],
  ['an ack of another channel', [{ ...ack(4, true), channel: 2 } as AmqpEvent], 4],
  ['the end of its consumer', [{ kind: 'cancelled', by: 'server', channel, consumer: 'a' }], 4],
  ['the end of its channel', [{ kind: 'channel-close', by: 'client', channel, code: 200, text: '' }], 0],
  ['the end of its connection', [{ kind: 'close', by: 'client', code: 200, text: '' }], 0],
])('after %s', (_, events, messages) => {
  const [count] = left(consuming(...events));
  expect(count?.messages ?? 0).toBe(messages);
});

test.each<[string, readonly AmqpEvent[], readonly string[]]>([
  ['that the broker has not confirmed', [consume({ queue: 'b' })], ['default']],
  ['that is not to be confirmed', [consume({ queue: 'b', consumer: 'x', noWait: true })], ['default', 'b']],
  [
    'of the queue that was declared last',
    [
      { kind: 'declared', channel, queue: 'amq.gen-1' },
      consume({ queue: '' }),
      { kind: 'consuming', channel, consumer: 'x' },
    ],
    ['default', 'amq.gen-1'],
  ],
  ['that was cancelled', [{ kind: 'cancelled', by: 'server', channel, consumer: 'a' }], []],
  ['that asked for its end only', [cancel('client', false)], ['default']],
  ['that waits for no answer to its end', [cancel('client', true)], []],
  ['whose queue was deleted', [cancel('server', true)], []],
  ['whose channel was closed', [{ kind: 'channel-close', by: 'server', channel, code: 404, text: '' }], []],
])('a consumer %s', (_, events, queues) => {
  const { consumers } = consuming(...events).sight(0);
  expect(consumers.map(({ queue }) => queue)).toEqual(queues);
});

test('what is delivered without acknowledgements, or taken so, is not waited for', () => {
  const state = consuming(
    ack(0, true),
    consume({ queue: 'loose', consumer: 'b', noAck: true, noWait: true }),
    deliver(5, 'b'),
    { kind: 'get', channel, queue: 'loose', noAck: true },
    got(6),
    { kind: 'get', channel, queue: 'empty', noAck: false },
    { kind: 'got-nothing', channel },
    { kind: 'get', channel, queue: 'pulled', noAck: false },
    got(7),
  );
  expect(left(state)).toEqual([{ queue: 'pulled', messages: 1, oldestMs: 0 }]);
});

test('a worker that never acknowledges costs a bounded amount of memory', () => {
  const state = consuming();
  for (let delivery = 5; delivery < 50_000; delivery += 1) state.apply(deliver(delivery), 0);
  expect(left(state)[0]?.messages).toBe(10_000);
});

test.each([
  ['amqplib', '404', /no queue 'tap-recording-missing'/],
  ['pika', '404', /no queue 'tap-recording-missing'/],
])('%s: who logged in where, and what was refused', (name, code, text) => {
  const readers = { client: new AmqpReader('client'), server: new AmqpReader('server') };
  const state = new AmqpState();
  const refusals = readRecording(name)
    .flatMap(({ from, bytes }) => readers[from].read(bytes))
    .flatMap(event => state.apply(event, 0) ?? []);
  expect(state.sight(0)).toEqual({
    user: 'guest',
    vhost: '/',
    isOpen: true,
    consumers: [],
    unacknowledged: [],
  });
  expect(refusals).toEqual([{ code, text: expect.stringMatching(text), isFinal: false }]);
});

test('a broker that closes the connection with a code has refused, for good', () => {
  const state = new AmqpState();
  const refusal = state.apply({ kind: 'close', by: 'server', code: 530, text: 'NOT_ALLOWED' }, 0);
  expect(refusal).toEqual({ code: '530', text: 'NOT_ALLOWED', isFinal: true });
});

test.each([
  [
    'node-pg',
    [
      {
        code: '23505',
        text: expect.stringContaining('duplicate key'),
        statement: 'INSERT INTO taped VALUES ($1, $2)',
      },
      { code: '42P01', text: 'relation "missing" does not exist', statement: 'SELECT * FROM missing' },
    ],
  ],
  ['psycopg2', [{ code: '22012', text: 'division by zero', statement: 'SELECT 1/0' }]],
])('%s: what the server refused, and of which statement', (name, expected) => {
  const { state, refusals } = readPostgres(name);
  expect(refusals).toEqual(expected.map(refusal => ({ ...refusal, isFinal: false })));
  expect(state.sight()).toMatchObject({ user: 'postgres', isOpen: true, transaction: 'idle' });
});

test('in a pipeline an error is that of the first statement without an answer; the ready behind it skips the others', () => {
  const state = new PostgresState();
  const events: readonly PostgresEvent[] = [
    { kind: 'parse', statement: 's1', sql: 'one' },
    { kind: 'parse', statement: 's2', sql: 'two' },
    ...pipelined('s1'),
    ...pipelined('s2'),
    ...pipelined('s1'),
    { kind: 'sync' },
    ...pipelined('s2'),
    { kind: 'sync' },
    { kind: 'complete', tag: 'INSERT 0 1' },
  ];
  for (const event of events) state.apply(event);
  expect(state.apply(error('23505'))).toMatchObject({ statement: 'two' });
  state.apply({ kind: 'ready', state: 'failed' });
  expect(state.apply(error('25P02'))).toMatchObject({ statement: 'two' });
  expect(state.sight().transaction).toBe('failed');
});

test('a refused login has no statement', () => {
  const state = new PostgresState();
  state.apply({ kind: 'startup', user: 'u', database: 'd' });
  const refusal = state.apply({ kind: 'error', severity: 'FATAL', sqlState: '3D000', message: 'no d' });
  expect(refusal).toEqual({ code: '3D000', text: 'no d', isFinal: true });
  expect(state.sight()).toMatchObject({ user: 'u', database: 'd', isOpen: false });
});

test('of refusals the last eight are kept, the same again only once', () => {
  const refusals = new Refusals();
  const note = (code: number) =>
    refusals.note({ listener: 'l', code: String(code), text: 't', isFinal: false, atMs: code });
  for (let code = 1; code <= 9; code += 1) note(code);
  note(5);
  expect(refusals.list(10).map(({ code }) => code)).toEqual(['2', '3', '4', '6', '7', '8', '9', '5']);
});

function readPostgres(name: string) {
  const reader = new PostgresReader();
  const state = new PostgresState();
  const refusals = readRecording(name)
    .flatMap(({ from, bytes }) => (from === 'client' ? reader.fromClient(bytes) : reader.fromServer(bytes)))
    .flatMap(event => state.apply(event) ?? []);
  return { state, refusals };
}

function pipelined(statement: string): readonly PostgresEvent[] {
  return [
    { kind: 'bind', portal: '', statement },
    { kind: 'execute', portal: '' },
  ];
}

function error(sqlState: string): PostgresEvent {
  return { kind: 'error', severity: 'ERROR', sqlState, message: 'm' };
}

function consume(given: {
  readonly queue: string;
  readonly consumer?: string;
  readonly noAck?: boolean;
  readonly noWait?: boolean;
}): AmqpEvent {
  return { kind: 'consume', channel, consumer: '', noAck: false, noWait: false, ...given };
}

function cancel(by: 'client' | 'server', noWait: boolean): AmqpEvent {
  return { kind: 'cancel', by, channel, consumer: 'a', noWait };
}

function got(delivery: number): AmqpEvent {
  return { kind: 'got', channel, delivery, redelivered: false, exchange: '', routingKey: 'any' };
}
