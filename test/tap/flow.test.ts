import { concludeFlow, type FlowTerms } from '../../src/tap/flow/conclude-flow.ts';
import type { FlowEntry } from '../../src/tap/flow/flow-entry.ts';
import { nameShape, statementShape } from '../../src/tap/flow/statement-shape.ts';
import { summarizeFlow } from '../../src/tap/flow/summarize-flow.ts';
import type { TapFact } from '../../src/tap/flow/tap-fact.ts';
import type { TapConnectionReading, TapEntry } from '../../src/tap/flow/tap-reading.ts';
import { TrafficFilter } from '../../src/tap/settled/traffic-filter.ts';

const broker = { connection: 1, listener: 'a', clientPort: 1, isOpen: true, amqp: amqpOf() };
const database = { connection: 2, listener: 'd', clientPort: 2, isOpen: true };
const otherBroker = { ...broker, connection: 3 };
const terms: FlowTerms = {
  beganMs: 1_000,
  isConcurrent: false,
  isAlone: true,
  published: new Set(['ours']),
  publishedBefore: new Set(['earlier']),
};

function amqpOf(deliveries: NonNullable<TapConnectionReading['amqp']>['deliveries'] = []) {
  return { vhost: '/', consumers: [], deliveries, unacknowledged: deliveries.length };
}

function entry(number: number, connection: number, fact: TapFact, open?: readonly number[]): TapEntry {
  return { ...fact, number, atMs: 1_000 + number, connection, ...(open ? { open } : {}) };
}

function delivered(delivery: number, messageId?: string, queue = 'q'): TapFact {
  const properties = messageId === undefined ? {} : { messageId };
  return {
    kind: 'delivered',
    delivery,
    queue,
    redelivered: false,
    noAck: false,
    exchange: '',
    routingKey: queue,
    properties,
  };
}

const insert: TapFact = { kind: 'statement', sql: 'INSERT', tag: 'INSERT 0 1', startedMs: 1_000 };

function flowOf(
  entries: readonly TapEntry[],
  given: Partial<FlowTerms> = {},
  pids: Readonly<Record<number, number>> = {},
): readonly FlowEntry[] {
  const connections: readonly TapConnectionReading[] = [broker, database, otherBroker];
  return concludeFlow(
    {
      worker: 'ops',
      reading: { atMs: 2_000, last: 99, entries, counts: {}, connections, declared: [] },
      filter: new TrafficFilter(),
      pidOf: ({ connection }) => pids[connection],
    },
    { ...terms, ...given },
  );
}

const attributed = (entries: readonly FlowEntry[]) => entries.map(({ via, delivery }) => [via, delivery]);

test.each([
  ['ours', 'exact'],
  ['earlier', 'none'],
  ['strange', 'window'],
  [undefined, 'window'],
])('a message with the identity %s is of this test by: %s', (messageId, via) => {
  const entries = [entry(1, 1, delivered(7, messageId)), entry(2, 2, insert, [7])];
  expect(attributed(flowOf(entries))).toEqual([
    [via, 7],
    [via, 7],
  ]);
  const shared = via === 'window' ? 'none' : via;
  expect(attributed(flowOf(entries, { isAlone: false }))[0]).toEqual([shared, 7]);
  expect(attributed(flowOf(entries, { isConcurrent: true }))[0]).toEqual(['none', 7]);
});

test('what follows from a message of before the test is none of its doing', () => {
  expect(attributed(flowOf([entry(1, 2, insert, [3])]))).toEqual([['none', 3]]);
  const ack: TapFact = { kind: 'acknowledged', queue: 'q', deliveries: [3, 4] };
  expect(attributed(flowOf([entry(2, 1, ack)]))).toEqual([
    ['none', 3],
    ['none', 4],
  ]);
  expect(flowOf([{ ...entry(1, 2, insert), atMs: 999 }])).toEqual([]);
});

test('of several messages it is the one of the same process; else one of all', () => {
  const entries = [entry(1, 1, delivered(1, 'ours')), entry(2, 3, delivered(2)), entry(3, 2, insert, [1, 2])];
  expect(attributed(flowOf(entries, {}, { 1: 10, 2: 10, 3: 11 }))[2]).toEqual(['exact', 1]);
  expect(attributed(flowOf(entries, {}, { 1: 10, 2: 12, 3: 11 }))[2]).toEqual(['window', { oneOf: [1, 2] }]);
  expect(attributed(flowOf(entries))[2]).toEqual(['window', { oneOf: [1, 2] }]);
  expect(attributed(flowOf([...entries.slice(0, 2), entry(3, 2, insert)]))[2]).toEqual(['window', undefined]);
});

test('a transaction is of the messages of its statements', () => {
  const ended: TapFact = { kind: 'transaction', transaction: 5, startedMs: 1_000, outcome: 'committed' };
  const entries = [
    entry(1, 1, delivered(1, 'ours')),
    entry(2, 2, { ...insert, transaction: 5 } as TapFact, [1]),
    entry(3, 2, ended, []),
  ];
  expect(attributed(flowOf(entries))[2]).toEqual(['exact', 1]);
});

test('BEGIN and COMMIT are no statements; events and remote control of Celery are no part of it', () => {
  const sql = (text: string, tag: string): TapFact => ({
    kind: 'statement',
    sql: text,
    tag,
    startedMs: 1_000,
  });
  const entries = [
    sql('BEGIN', 'BEGIN'),
    sql('SAVEPOINT a', 'SAVEPOINT'),
    sql('rollback to a', 'ROLLBACK'),
    sql('ROLLBACK', 'ROLLBACK'),
    sql('LISTEN x', 'LISTEN'),
    { kind: 'published' as const, exchange: 'celeryev', routingKey: 'task.x', properties: {} },
    delivered(1, undefined, 'celery@host.celery.pidbox'),
  ].map((fact, index) => entry(index, 2, fact));
  expect(flowOf(entries)).toMatchObject([{ sql: 'SAVEPOINT a' }, { sql: 'rollback to a' }]);
});

test('a summary counts what is alike, and has nothing in it that differs from one time to the next', () => {
  const message = (number: number, key: string): readonly TapEntry[] => [
    entry(number, 1, delivered(number, 'ours')),
    entry(number + 1, 1, { kind: 'published', exchange: 'x', routingKey: key, properties: {} }, [number]),
    entry(number + 2, 2, { ...insert, sql: `INSERT  INTO t VALUES (${number}, 'a')` } as TapFact, [number]),
    entry(number + 3, 1, { kind: 'acknowledged', queue: 'q', deliveries: [number] }),
  ];
  const entries = [...message(10, 'amq.gen-aB_3'), ...message(20, 'amq.gen-xY-9')];
  const text = summarizeFlow(flowOf([...entries, entry(40, 2, { ...insert, sql: 'VACUUM' } as TapFact, [])]));
  expect(text).toBe(
    [
      '2 × message of queue "q"',
      '  INSERT INTO t VALUES (…)',
      '  published to exchange "x" by "…"',
      '  acknowledged',
      'beside messages',
      '  VACUUM',
    ].join('\n'),
  );
  expect(summarizeFlow(flowOf([...entries].toReversed()))).toBe(
    text.replace('\nbeside messages\n  VACUUM', ''),
  );
});

test.each([
  ["SELECT * FROM a WHERE b = 'it''s' AND c=-1.5", 'SELECT * FROM a WHERE b = ? AND c=?'],
  ['INSERT INTO t1 (a,b) VALUES ($1, $2),\n  ($3, $4);', 'INSERT INTO t1 (a,b) VALUES (…), …'],
  ['SELECT $1, "x9" FROM a_12b', 'SELECT $1, "x9" FROM a_12b'],
  ['SELECT $tag$ it is 1 $tag$', 'SELECT ?'],
])('the shape of %j', (sql, shape) => {
  expect(statementShape(sql)).toBe(shape);
});

test.each([
  ['orders.7', 'orders.7'],
  ['reply.0c3f6f4e-7a55-4d5e-9a0c-0f8a5b2f9f11', 'reply.…'],
  ['amq.rabbitmq.reply-to.g2dkABByZW', 'amq.rabbitmq.reply-to…'],
])('the shape of the name %s', (name, shape) => {
  expect(nameShape(name)).toBe(shape);
});

test.each([
  ['queues', { queues: ['metrics.*'] }, (filter: TrafficFilter) => filter.ignoresQueue('metrics.a')],
  ['exchanges', { exchanges: ['m'] }, (filter: TrafficFilter) => filter.ignoresTarget(to('m'))],
  [
    'a queue by the default exchange',
    { queues: ['k'] },
    (filter: TrafficFilter) => filter.ignoresTarget(to('')),
  ],
  [
    'statements',
    { statements: ['select *\nfrom JOB*'] },
    (filter: TrafficFilter) => filter.ignoresStatement('SELECT 1  FROM job WHERE 1'),
  ],
  [
    'a preset',
    { presets: ['pg-boss' as const] },
    (filter: TrafficFilter) => filter.ignoresStatement('UPDATE pgboss.job SET a = 1'),
  ],
])('tap.ignore: %s', (_, ignored, ignores) => {
  expect([ignores(new TrafficFilter(ignored)), ignores(new TrafficFilter())]).toEqual([true, false]);
});

function to(exchange: string) {
  return { exchange, routingKey: 'k' };
}
