import type { Duplex } from 'node:stream';
import { connect } from 'amqplib';
import { BrokerConnection } from '../../../../src/service/rabbitmq/broker-connection.ts';
import { takeTurn, turnQueueName } from '../../../../src/service/rabbitmq/turns/take-turn.ts';
import { rabbitmqUrl, uniqueName } from '../../services.ts';

const never = new AbortController().signal;
const connections: BrokerConnection[] = [];

afterEach(async () => {
  await Promise.all(connections.splice(0).map(connection => connection.close()));
});

function openConnection(): BrokerConnection {
  const connection = new BrokerConnection(rabbitmqUrl, 'take-turn.test');
  connections.push(connection);
  return connection;
}

/** Takes turns and writes down what happens; `isWaiting` resolves as soon as it has to wait. */
function taking(connection: BrokerConnection, queues: readonly string[], signal = never) {
  const seen: string[] = [];
  let waits = () => {};
  const isWaiting = new Promise<void>(resolve => {
    waits = resolve;
  });
  const taken = takeTurn(connection, queues, {
    signal,
    onTaken: queue => seen.push(`took ${queue}`),
    onWait: queue => {
      seen.push(`waits for ${queue}`);
      waits();
    },
  });
  return { seen, isWaiting, taken };
}

test('takeTurn() takes every queue once, in sorted order', async () => {
  const [a, b] = [uniqueName(), uniqueName()].sort() as [string, string];
  const { seen, taken } = taking(openConnection(), [b, a, b]);
  await taken;
  expect(seen).toEqual([`took ${a}`, `took ${b}`]);
});

test('takeTurn() takes again what the connection holds', async () => {
  const queue = uniqueName();
  const connection = openConnection();
  await taking(connection, [queue]).taken;
  const { seen, taken } = taking(connection, [queue]);
  await taken;
  expect(seen).toEqual([`took ${queue}`]);
});

test('takeTurn() waits until the holder closes its connection', async () => {
  const queue = uniqueName();
  const holder = openConnection();
  await taking(holder, [queue]).taken;
  const { seen, isWaiting, taken } = taking(openConnection(), [queue]);
  await isWaiting;
  expect(seen).toEqual([`waits for ${queue}`]);
  await holder.close();
  await taken;
  expect(seen).toEqual([`waits for ${queue}`, `took ${queue}`]);
});

test('takeTurn() takes what a holder who died has held', async () => {
  const queue = uniqueName();
  const holder = await connect(rabbitmqUrl, { noDelay: true });
  holder.on('error', () => {});
  const channel = await holder.createChannel();
  await channel.assertQueue(turnQueueName(queue), { exclusive: true, durable: false });
  const { isWaiting, taken } = taking(openConnection(), [queue]);
  await isWaiting;
  (holder.connection as unknown as { readonly stream: Duplex }).stream.destroy(new Error('cut'));
  await taken;
});

test('takeTurn() ends when it is aborted', async () => {
  const queue = uniqueName();
  const stop = new AbortController();
  await taking(openConnection(), [queue]).taken;
  const { isWaiting, taken } = taking(openConnection(), [queue], stop.signal);
  await isWaiting;
  stop.abort(new Error('the session is over'));
  await expect(taken).rejects.toThrow('the session is over');
});

test('takeTurn() lets only one of many hold a queue at a time', async () => {
  const queues = [uniqueName(), uniqueName()];
  let holders = 0;
  let most = 0;
  const files = Array.from({ length: 6 }, async (_, index) => {
    const connection = openConnection();
    await takeTurn(connection, index % 2 === 0 ? queues : [...queues].reverse(), { signal: never });
    holders += 1;
    most = Math.max(most, holders);
    await new Promise(setImmediate);
    holders -= 1;
    await connection.close();
  });
  await Promise.all(files);
  expect(most).toBe(1);
});

test('turnQueueName() fits into the 255 bytes of a queue name, and differs for every queue', async () => {
  const long = 'ä'.repeat(120);
  const names = ['default', long, `${long}1`].map(turnQueueName);
  expect(names[0]).toBe('live-worker.turn.default');
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  await takeTurn(openConnection(), [`${uniqueName()}${long}`], { signal: never });
});
