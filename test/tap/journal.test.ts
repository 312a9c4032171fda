import type { AmqpEvent } from '../../src/tap/amqp/amqp-event.ts';
import { Journal } from '../../src/tap/flow/journal.ts';
import type { TapEntry } from '../../src/tap/flow/tap-reading.ts';
import type { PostgresEvent, TransactionState } from '../../src/tap/postgres/postgres-event.ts';
import { AmqpState } from '../../src/tap/state/amqp-state.ts';
import { PostgresState } from '../../src/tap/state/postgres-state.ts';

const channel = 1;

/** What the journal has after the events of one connection, without numbers and times. */
function noted(apply: (journal: Journal) => void): readonly object[] {
  const journal = new Journal();
  apply(journal);
  return journal.read(0, []).entries.map(told);
}

function told({ number: _, atMs: __, connection: ___, ...entry }: TapEntry): object {
  const { startedMs: ____, ...rest } = entry as { readonly startedMs?: number };
  return rest;
}

function ofAmqp(...events: readonly AmqpEvent[]): readonly object[] {
  return noted(journal => {
    const state = new AmqpState(journal.openConnection().sink);
    for (const event of [...consuming, ...events]) state.apply(event, 0);
  });
}

const consuming: readonly AmqpEvent[] = [
  { kind: 'open', vhost: '/' },
  { kind: 'consume', channel, queue: 'a', consumer: 'c', noAck: false, noWait: true },
  { kind: 'consume', channel, queue: 'loose', consumer: 'n', noAck: true, noWait: true },
];

function delivered(delivery: number, consumer = 'c'): readonly AmqpEvent[] {
  const properties = { messageId: `m${delivery}` };
  return [
    { kind: 'deliver', channel, consumer, delivery, redelivered: false, exchange: 'x', routingKey: 'k' },
    { kind: 'content', channel, by: 'server', properties },
  ];
}

test('a delivery is noted with the head of its content, and each way it can end', () => {
  const entries = ofAmqp(
    ...delivered(1),
    ...delivered(2),
    ...delivered(3),
    ...delivered(4),
    { kind: 'ack', by: 'client', channel, delivery: 2, multiple: true },
    { kind: 'nack', by: 'client', channel, delivery: 3, multiple: false, requeue: false },
    { kind: 'reject', channel, delivery: 4, requeue: true },
    ...delivered(5),
    { kind: 'channel-close', by: 'client', channel, code: 200, text: '' },
  );
  expect(entries).toEqual([
    {
      kind: 'delivered',
      delivery: 1,
      queue: 'a',
      redelivered: false,
      exchange: 'x',
      routingKey: 'k',
      noAck: false,
      properties: { messageId: 'm1' },
      open: [],
    },
    ...[2, 3, 4].map(delivery => expect.objectContaining({ kind: 'delivered', delivery })),
    { kind: 'acknowledged', queue: 'a', deliveries: [1, 2], open: [1, 2, 3, 4] },
    { kind: 'rejected', queue: 'a', deliveries: [3], open: [3, 4] },
    { kind: 'requeued', queue: 'a', deliveries: [4], open: [4] },
    expect.objectContaining({ kind: 'delivered', delivery: 5 }),
    { kind: 'released', queue: 'a', deliveries: [5], open: [5] },
  ]);
});

test('what needs no acknowledgement is never open; a publication is noted with its content', () => {
  const entries = ofAmqp(
    ...delivered(1, 'n'),
    { kind: 'publish', channel, exchange: '', routingKey: 'b' },
    { kind: 'content', channel, by: 'client', properties: { delayMs: 5 } },
    { kind: 'returned', channel, code: 312, text: 'NO_ROUTE', exchange: '', routingKey: 'b' },
    { kind: 'content', channel, by: 'server', properties: {} },
  );
  expect(entries).toEqual([
    expect.objectContaining({ kind: 'delivered', queue: 'loose', noAck: true, open: [] }),
    { kind: 'published', exchange: '', routingKey: 'b', properties: { delayMs: 5 }, open: [] },
    { kind: 'returned', exchange: '', routingKey: 'b', open: [] },
  ]);
});

test('what a queue was declared with is kept, also when it is asked for again without', () => {
  const journal = new Journal();
  const state = new AmqpState(journal.openConnection().sink);
  state.apply({ kind: 'declare', channel, queue: 'a', deadLetterExchange: '', ttlMs: 7 }, 0);
  state.apply({ kind: 'declare', channel, queue: 'a' }, 0);
  state.apply({ kind: 'bind', channel, queue: 'a', exchange: 'x', routingKey: '#' }, 0);
  expect(journal.read(0, []).declared).toEqual([
    { kind: 'queue', vhost: '/', queue: 'a', deadLetterExchange: '', ttlMs: 7 },
    { kind: 'binding', vhost: '/', queue: 'a', exchange: 'x', routingKey: '#' },
  ]);
});

function query(sql: string, tag: string, state: TransactionState): readonly PostgresEvent[] {
  const tags = tag.split('; ').map(one => ({ kind: 'complete' as const, tag: one }));
  return [{ kind: 'query', sql }, ...tags, { kind: 'ready', state }];
}

function ofPostgres(...events: readonly PostgresEvent[]): readonly object[] {
  return noted(journal => {
    const state = new PostgresState(journal.openConnection().sink);
    for (const event of events) state.apply(event, 0);
    state.end(0);
  });
}

const statement = (sql: string, tag: string, transaction?: number) => ({
  kind: 'statement',
  sql,
  tag,
  open: [],
  ...(transaction === undefined ? {} : { transaction }),
});
const ended = (outcome: string, transaction = 1) => ({ kind: 'transaction', transaction, outcome, open: [] });

test.each<[string, readonly PostgresEvent[], readonly object[]]>([
  ['autocommit', query('INSERT', 'INSERT 0 1', 'idle'), [statement('INSERT', 'INSERT 0 1')]],
  [
    'a transaction with a savepoint',
    [
      ...query('BEGIN', 'BEGIN', 'open'),
      ...query('SAVEPOINT s', 'SAVEPOINT', 'open'),
      ...query('ROLLBACK TO s', 'ROLLBACK', 'open'),
      ...query('COMMIT', 'COMMIT', 'idle'),
    ],
    [
      statement('BEGIN', 'BEGIN', 1),
      statement('SAVEPOINT s', 'SAVEPOINT', 1),
      statement('ROLLBACK TO s', 'ROLLBACK', 1),
      statement('COMMIT', 'COMMIT', 1),
      ended('committed'),
    ],
  ],
  [
    'a COMMIT of one that has failed',
    [
      ...query('BEGIN', 'BEGIN', 'open'),
      { kind: 'query', sql: 'bad' },
      { kind: 'error', severity: 'ERROR', sqlState: '42601', message: '' },
      { kind: 'ready', state: 'failed' },
      ...query('COMMIT', 'ROLLBACK', 'idle'),
    ],
    [
      statement('BEGIN', 'BEGIN', 1),
      { kind: 'statement', sql: 'bad', sqlState: '42601', transaction: 1, open: [] },
      statement('COMMIT', 'ROLLBACK', 1),
      ended('rolled back'),
    ],
  ],
  [
    'several statements in one query',
    query('BEGIN; INSERT; COMMIT', 'BEGIN; INSERT 0 1; COMMIT', 'idle'),
    [statement('BEGIN; INSERT; COMMIT', 'BEGIN; INSERT 0 1; COMMIT', 1), ended('committed')],
  ],
  [
    'a prepared statement that is executed twice before a Sync',
    [
      { kind: 'parse', statement: 's', sql: 'INSERT' },
      { kind: 'bind', portal: '', statement: 's' },
      { kind: 'execute', portal: '' },
      { kind: 'bind', portal: '', statement: 's' },
      { kind: 'execute', portal: '' },
      { kind: 'sync' },
      { kind: 'complete', tag: 'INSERT 0 1' },
      { kind: 'complete', tag: 'INSERT 0 2' },
      { kind: 'ready', state: 'idle' },
    ],
    [statement('INSERT', 'INSERT 0 1'), statement('INSERT', 'INSERT 0 2')],
  ],
  [
    'the end of a connection with a transaction open',
    query('BEGIN', 'BEGIN', 'open'),
    [statement('BEGIN', 'BEGIN', 1), ended('rolled back')],
  ],
])('Postgres: %s', (_, events, entries) => {
  expect(ofPostgres(...events)).toEqual(entries);
});

test('a statement carries what was unacknowledged when it was sent, not when it was answered', () => {
  const entries = noted(journal => {
    const broker = new AmqpState(journal.openConnection().sink);
    const database = new PostgresState(journal.openConnection().sink);
    for (const event of [...consuming, ...delivered(1)]) broker.apply(event, 0);
    database.apply({ kind: 'query', sql: 'SELECT 1' }, 0);
    broker.apply({ kind: 'ack', by: 'client', channel, delivery: 1, multiple: false }, 0);
    for (const event of query('', 'SELECT 1', 'idle').slice(1)) database.apply(event, 0);
  });
  expect(entries.at(-1)).toMatchObject({ kind: 'statement', open: [1] });
});

test('of a test that does very much the last 10 000 are kept, and all are counted', () => {
  const journal = new Journal();
  const { sink } = journal.openConnection();
  const publish = () =>
    sink.note({ kind: 'published', exchange: '', routingKey: 'a', properties: {} }, performance.now());
  for (let number = 1; number <= 25_000; number += 1) publish();
  const reading = journal.read(0, []);
  expect(reading.entries.length).toBeGreaterThanOrEqual(10_000);
  expect(reading.entries.length).toBeLessThan(11_001);
  expect(reading).toMatchObject({ last: 25_000, counts: { published: 25_000 } });
  journal.beginTest(reading.atMs + 1_000);
  expect(journal.read(0, [])).toMatchObject({ entries: [], counts: {}, last: 25_000 });
});
