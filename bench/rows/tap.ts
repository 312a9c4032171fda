import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { openTap } from '../../src/tap/open-tap.ts';
import type { Upstream } from '../../src/tap/proxy/upstream.ts';
import { type Measured, measureInTurn, type Row } from '../row.ts';

const run = promisify(execFile);
const broker = process.env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
const database = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const ways = [{ name: 'through the tap' }, { name: 'without' }] as const;
const queue = 'live-worker-bench-tap';
const kilobyte = Buffer.alloc(1_000, 'x');

/** Measures with a URL that leads to the service, and with one that leads through a tap. */
async function bothWays(
  url: string,
  { protocol, rounds }: { readonly protocol: Upstream['protocol']; readonly rounds: number },
  measure: (url: string) => Promise<number>,
): Promise<readonly Measured[]> {
  const direct = new URL(url);
  const defaultPort = protocol === 'amqp' ? 5672 : 5432;
  const tap = openTap({ worker: 'bench', execArgv: [], say: text => console.error(text) });
  try {
    const address = { host: direct.hostname, port: Number(direct.port) || defaultPort };
    const [port] = await tap.listen([{ protocol, address, encryption: 'never', tls: {} }]);
    const tapped = new URL(url);
    tapped.host = `127.0.0.1:${port}`;
    return await measureInTurn(ways, rounds, ({ name }) =>
      measure(name === 'without' ? direct.href : tapped.href),
    );
  } finally {
    await tap.close();
  }
}

export const tapMessage: Row = {
  name: 'tap-message',
  what: 'a message is published, delivered and acknowledged, one after the other',
  unit: 'ms',
  measure: ({ rounds, isQuick }) =>
    bothWays(broker, { protocol: 'amqp', rounds }, url => publishAndTake(url, isQuick ? 200 : 5_000, 1)),
};

export const tapMessages: Row = {
  name: 'tap-messages',
  what: 'messages of 1 KB are published, delivered and acknowledged, prefetch 100',
  unit: 'messages/s',
  async measure({ rounds, isQuick }) {
    const measured = await bothWays(broker, { protocol: 'amqp', rounds }, url =>
      publishAndTake(url, isQuick ? 2_000 : 50_000, 100),
    );
    return measured.map(one => ({ ...one, values: one.values.map(ms => 1_000 / ms) }));
  },
};

/** @returns milliseconds a message */
async function publishAndTake(url: string, messages: number, prefetch: number): Promise<number> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: false, autoDelete: true });
  await channel.prefetch(prefetch);
  let published = 0;
  const publish = () => {
    published += 1;
    channel.sendToQueue(queue, kilobyte);
  };
  let taken = 0;
  let beganAt = 0;
  await new Promise<void>(resolve => {
    void channel
      .consume(queue, message => {
        if (message) channel.ack(message);
        taken += 1;
        if (taken === messages) resolve();
        else if (published < messages) publish();
      })
      .then(() => {
        beganAt = performance.now();
        for (let sent = 0; sent < prefetch; sent += 1) publish();
      });
  });
  const ms = (performance.now() - beganAt) / messages;
  await connection.close();
  return ms;
}

export const tapQuery: Row = {
  name: 'tap-query',
  what: 'a query of one row',
  unit: 'ms',
  measure: ({ rounds, isQuick }) =>
    bothWays(database, { protocol: 'postgres', rounds }, async url => {
      const client = new Client({ connectionString: url });
      await client.connect();
      const queries = isQuick ? 200 : 5_000;
      const beganAt = performance.now();
      for (let asked = 0; asked < queries; asked += 1) await client.query('select 1');
      const ms = (performance.now() - beganAt) / queries;
      await client.end();
      return ms;
    }),
};

export const tapCopy = psqlRow(
  'tap-copy',
  'COPY of 200 MB to the client',
  200,
  `copy (select repeat('x', 999) from generate_series(1, 200000)) to stdout`,
);
export const tapRows = psqlRow(
  'tap-rows',
  'COPY of two million rows of one number to the client',
  14.9,
  'copy (select generate_series(1, 2000000)) to stdout',
);

function psqlRow(name: string, what: string, megabytes: number, sql: string): Row {
  return {
    name,
    what,
    unit: 'MB/s',
    measure: ({ rounds }) =>
      bothWays(database, { protocol: 'postgres', rounds }, async url => {
        const beganAt = performance.now();
        await run('sh', ['-c', 'exec psql -X -q -d "$0" -c "$1" > /dev/null', url, sql]);
        return (megabytes * 1_000) / (performance.now() - beganAt);
      }),
  };
}
