import { randomBytes } from 'node:crypto';
import { noSink } from '../../src/tap/flow/tap-fact.ts';
import { ConnectionGate, type Judge } from '../../src/tap/hold/connection-gate.ts';
import type { Effect } from '../../src/tap/hold/effect.ts';
import { effectSight } from '../../src/tap/hold/effect.ts';
import { afterQuery, noTransaction } from '../../src/tap/hold/sent-transaction.ts';
import { shapeOf, statementsOf } from '../../src/tap/hold/statement.ts';
import { tappedConnection } from '../../src/tap/proxy/tapped-connection.ts';
import { bytesOf, type Piece, postgresRecordings, readRecording } from './read-recording.ts';

interface Played {
  readonly client: Buffer;
  readonly server: Buffer;
  readonly effects: readonly string[];
}

/** Passes a conversation through a gate whose judge watches, and stops before the effect of this number, if there is one. */
function play(name: string, pieces: readonly Piece[], { stopAt = 0, beginAt = 0 } = {}): Played {
  const passed = { client: [] as Buffer[], server: [] as Buffer[] };
  const effects: string[] = [];
  let isWatching = beginAt === 0;
  let begun = 0;
  const judge: Judge = {
    get isWatching() {
      return isWatching;
    },
    stopsBefore() {
      begun += 1;
      if (begun === stopAt) gate.freeze();
      return begun === stopAt;
    },
    hasPassed(effect) {
      effects.push(describe(effect));
    },
    hear() {},
    isClosed() {},
  };
  const tapped = tappedConnection(postgresRecordings.includes(name) ? 'postgres' : 'amqp', {
    onRefusal() {},
    onNotUnderstood: why => effects.push(`not understood: ${why}`),
    onEvent: event => gate.hear(event),
    sink: noSink,
  });
  const gate = new ConnectionGate({ listener: name, tapped, judge });
  pieces.forEach(({ from, bytes }, index) => {
    if (index >= beginAt) isWatching = true;
    passed[from].push(gate.pass(from, bytes));
  });
  return { client: Buffer.concat(passed.client), server: Buffer.concat(passed.server), effects };
}

function describe(effect: Effect): string {
  const { kind, how, queue, exchange, routingKey, statements } = effectSight(effect);
  return [how ?? kind, queue, exchange, routingKey, ...(statements ?? [])].filter(Boolean).join(' ');
}

const expected: Readonly<Record<string, readonly RegExp[]>> = {
  'node-pg': [
    /^commit CREATE TEMP TABLE taped/,
    /^commit INSERT INTO taped VALUES \(\$1, \$2\)$/,
    /^commit INSERT INTO taped VALUES \(\$1, \$2\)$/,
    // The server refuses it, which it says later.
    /^commit INSERT INTO taped VALUES \(\$1, \$2\)$/,
  ],
};

test.each(['amqplib', 'pika', 'py-amqp', 'node-pg', 'psycopg2'])(
  'FAULT 81: what %s and its server said passes a watching gate unchanged, wherever it is cut, with the same effects',
  name => {
    const pieces = readRecording(name);
    const [client, server] = [bytesOf(pieces, 'client'), bytesOf(pieces, 'server')];
    const whole = play(name, pieces);
    expect(whole.client.equals(client) && whole.server.equals(server)).toBe(true);
    expect(whole.effects.length).toBeGreaterThan(0);
    (expected[name] ?? []).forEach((pattern, index) => {
      expect(whole.effects[index]).toMatch(pattern);
    });
    const octets = pieces.flatMap(({ from, bytes }) =>
      [...bytes].map(octet => ({ from, bytes: Buffer.of(octet) })),
    );
    expect(play(name, octets)).toEqual(whole);
    // Whenever it begins to watch, nothing is changed or lost.
    for (let beginAt = 1; beginAt < octets.length; beginAt += 13) {
      const late = play(name, octets, { beginAt });
      expect(late.client.equals(client) && late.server.equals(server)).toBe(true);
    }
  },
);

test.each(['amqplib', 'node-pg'])(
  'FAULT 81: what nobody understands passes a watching gate too, from the beginning and behind what is understood: %s',
  name => {
    const hostile = Array.from({ length: 40 }, (_, index): Piece => {
      const from = index % 2 === 0 ? 'client' : 'server';
      return { from, bytes: randomBytes(1 + ((index * 7_919) % 3_000)) };
    });
    for (const before of [[], readRecording(name).slice(0, -1)]) {
      const pieces = [...before, ...hostile];
      const played = play(name, pieces);
      expect(played.client.equals(bytesOf(pieces, 'client'))).toBe(true);
      expect(played.server.equals(bytesOf(pieces, 'server'))).toBe(true);
      expect(played.effects.join()).toContain('not understood');
    }
  },
);

test.each(['amqplib', 'pika', 'node-pg', 'psycopg2'])(
  'FAULT 81: at each effect of %s exactly what stands before its first octet has passed, however it is cut',
  name => {
    const pieces = readRecording(name);
    const octets = pieces.flatMap(({ from, bytes }) =>
      [...bytes].map(octet => ({ from, bytes: Buffer.of(octet) })),
    );
    const count = play(name, pieces).effects.length;
    for (let stopAt = 1; stopAt <= count; stopAt += 1) {
      const stopped = play(name, pieces, { stopAt });
      expect(stopped.client.length + stopped.server.length).toBeLessThan(
        bytesOf(pieces, 'client').length + bytesOf(pieces, 'server').length,
      );
      expect(play(name, octets, { stopAt }).client.equals(stopped.client)).toBe(true);
      expect(play(name, octets, { stopAt }).server.equals(stopped.server)).toBe(true);
    }
  },
);

test.each<[string, readonly string[]]>([
  ['INSERT INTO a VALUES (1)', ['write']],
  ['  -- why\n/* what */ (select 1)', ['read']],
  ["BEGIN; insert into a values (';'); COMMIT", ['begin', 'write', 'commit']],
  ['START TRANSACTION ISOLATION LEVEL SERIALIZABLE', ['begin']],
  ['end', ['commit']],
  ['ROLLBACK TO SAVEPOINT a', ['read']],
  ['rollback', ['rollback']],
  ["COMMIT PREPARED 'a'", ['write']],
  ['WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a', ['write']],
  ['WITH a AS (SELECT 1) SELECT * FROM a', ['read']],
  ['COPY a FROM STDIN', ['copy-in']],
  ['COPY a TO STDOUT', ['read']],
  ['SELECT 1; SELECT 2;', ['read', 'read']],
  ['', ['read']],
])('%s', (sql, kinds) => {
  expect(statementsOf(sql).map(({ kind }) => kind)).toEqual(kinds);
});

test('a shape is the same for other values', () => {
  expect(shapeOf("INSERT  INTO a (id, b1)\nVALUES ('it''s', -12.5, $1) -- x")).toBe(
    'INSERT INTO a (id, b1) VALUES (?, -?, $1)',
  );
  expect(shapeOf('SELECT $a$it$a$, $$b$$, $1')).toBe('SELECT ?, ?, $1');
  expect(shapeOf(`SELECT ${'a'.repeat(200)}`)).toHaveLength(81);
});

test.each<[string, readonly string[], readonly string[] | undefined]>([
  ['outside of a transaction', ['INSERT a'], ['INSERT a']],
  ['within one', ['BEGIN', 'INSERT a'], undefined],
  ['by its COMMIT', ['BEGIN', 'INSERT a', 'SELECT 1', 'UPDATE b', 'COMMIT'], ['INSERT a', 'UPDATE b']],
  ['after a ROLLBACK', ['BEGIN', 'INSERT a', 'ROLLBACK', 'COMMIT'], undefined],
  ['after a savepoint', ['BEGIN', 'INSERT a', 'ROLLBACK TO b', 'COMMIT'], ['INSERT a']],
  ['in one query', ['BEGIN; INSERT a; COMMIT; INSERT b'], ['INSERT a', ' INSERT b'].map(text => text.trim())],
])('what is committed %s', (_, queries, committed) => {
  const last = queries.reduce((transaction, sql) => afterQuery(transaction, sql), noTransaction);
  expect(last.committed?.map(sql => sql.trim())).toEqual(committed);
});
