import type { Duplex } from 'node:stream';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { ProbeSpecOf } from '../../../src/options/probe-options.ts';
import { BrokerConnection } from '../../../src/service/rabbitmq/broker-connection.ts';
import { rabbitmqProbe } from '../../../src/service/rabbitmq/rabbitmq-probe.ts';
import { closeOddServers, oddServers } from '../odd-servers.ts';
import { rabbitmqUrl, uniqueName } from '../services.ts';

const { signal } = new AbortController();
const connection = new BrokerConnection(rabbitmqUrl, 'rabbitmq-probe.test');
const queues = [uniqueName(), uniqueName()] as const;
let worker: ChannelModel;
let channel: Channel;

beforeAll(async () => {
  worker = await connect(rabbitmqUrl, { noDelay: true });
  channel = await worker.createChannel();
});
afterEach(async () => {
  for (const queue of queues) await channel.deleteQueue(queue);
  closeOddServers();
});
afterAll(async () => {
  await worker.close();
  await connection.close();
});

function probing(spec: Partial<ProbeSpecOf<'rabbitmq'>>, others = 0) {
  return rabbitmqProbe({ queues, consumers: 1, ...spec }, connection, () => others);
}
const declare = (queue: string) => channel.assertQueue(queue, { durable: false });
const consume = (queue: string) => channel.consume(queue, () => {});

test('rabbitmqProbe() waits for the queue, then for its consumers, on every queue', async () => {
  const probe = probing({ consumers: 2 });
  const answers = [await probe.check(signal)];
  const ask = async () => answers.push(await probe.check(signal));
  await declare(queues[0]);
  await ask();
  await consume(queues[0]);
  await ask();
  await consume(queues[0]);
  await ask();
  await declare(queues[1]);
  for (let count = 0; count < 2; count += 1) await consume(queues[1]);
  await ask();
  const why = (text: string) => ({ kind: 'pending', why: text });
  expect(answers).toEqual([
    why(`queue "${queues[0]}" does not exist yet`),
    why(`queue "${queues[0]}" has 0 consumers, wanted 2`),
    why(`queue "${queues[0]}" has 1 consumer, wanted 2`),
    why(`queue "${queues[1]}" does not exist yet`),
    { kind: 'ready' },
  ]);
  const [first, second] = queues;
  expect(probe.description).toBe(
    `queue "${first}" has 2 new consumers and queue "${second}" has 2 new consumers`,
  );
});

test('FAULT 48: rabbitmqProbe() takes a quorum queue that reports nobody for one to ask again', async () => {
  const [queue] = queues;
  const probe = probing({ queues: [queue] });
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  expect(await probe.check(signal)).toMatchObject({ kind: 'pending' });
  await channel.prefetch(1);
  await consume(queue);
  expect(await probe.check(signal)).toEqual({ kind: 'ready' });
});

test('rabbitmqProbe() does not count the consumers of others', async () => {
  const probe = probing({ queues: [queues[0]] }, 2);
  await declare(queues[0]);
  await consume(queues[0]);
  const few = await probe.check(signal);
  await consume(queues[0]);
  const foreign = await probe.check(signal);
  await consume(queues[0]);
  const own = await probe.check(signal);
  const why = `queue "${queues[0]}" has 0 new consumers (2 others), wanted 1`;
  expect([few, foreign, own]).toEqual([
    { kind: 'pending', why },
    { kind: 'pending', why },
    { kind: 'ready' },
  ]);
});

test('rabbitmqProbe() creates no queue', async () => {
  await probing({}).check(signal);
  expect(await connection.checkQueue(queues[0])).toEqual({ kind: 'missing' });
});

test('rabbitmqProbe() cannot count on a queue of one connection', async () => {
  await channel.assertQueue(queues[0], { exclusive: true });
  const why = expect.stringContaining(`queue "${queues[0]}" is exclusive to its connection (405)`);
  expect(await probing({}).check(signal)).toEqual({ kind: 'fatal', why });
});

test('FAULT 46: rabbitmqProbe() waits while the broker is away', async () => {
  const address = await oddServers.gone();
  const away = new BrokerConnection(`amqp://${address}`, 'rabbitmq-probe.test');
  const probe = rabbitmqProbe({ queues, consumers: 1 }, away, () => 0);
  const why = `nothing listens on ${address} (ECONNREFUSED)`;
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why });
});

test('a BrokerConnection counts messages and consumers, and answers in the order it was asked', async () => {
  await declare(queues[1]);
  channel.sendToQueue(queues[1], Buffer.from('x'));
  while ((await channel.checkQueue(queues[1])).messageCount === 0);
  const answers = [0, 1, 0, 1].map(index => connection.checkQueue(queues[index] as string));
  const missing = { kind: 'missing' };
  const counted = { kind: 'counted', messages: 1, consumers: 0 };
  expect(await Promise.all(answers)).toEqual([missing, counted, missing, counted]);
});

test('FAULT 46: a BrokerConnection connects again when it was lost', async () => {
  const model = (await connection.channel('lost')).connection as unknown as {
    readonly stream: Duplex;
  };
  model.stream.destroy(new Error('cut'));
  await declare(queues[0]);
  for (;;) {
    const answer = await connection.checkQueue(queues[0]).catch(() => undefined);
    if (answer) break;
  }
  expect(await connection.checkQueue(queues[0])).toMatchObject({ kind: 'counted' });
});
