import { type Channel, type ChannelModel, connect } from 'amqplib';
import { BrokerConnection } from '../../../../src/service/rabbitmq/broker-connection.ts';
import { takeBaseline } from '../../../../src/service/rabbitmq/queues/take-baseline.ts';
import { rabbitmqUrl, uniqueName } from '../../services.ts';

const connection = new BrokerConnection(rabbitmqUrl, 'take-baseline.test');
let stranger: ChannelModel;
let channel: Channel;
let queue: string;

beforeAll(async () => {
  stranger = await connect(rabbitmqUrl, { noDelay: true });
  channel = await stranger.createChannel();
});
beforeEach(async () => {
  queue = uniqueName();
  await channel.assertQueue(queue, { durable: false });
});
afterEach(() => channel.deleteQueue(queue));
afterAll(async () => {
  await stranger.close();
  await connection.close();
});

const consume = async () => (await channel.consume(queue, () => {})).consumerTag;

async function timed<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const startedAt = performance.now();
  return [await work, performance.now() - startedAt];
}

test('takeBaseline() counts messages, and is quick when nobody consumes', async () => {
  channel.sendToQueue(queue, Buffer.from('left behind'));
  while ((await channel.checkQueue(queue)).messageCount === 0);
  const [baseline, tookMs] = await timed(takeBaseline(connection, queue, 0));
  expect(baseline).toEqual({ queue, strangers: 0, messages: 1 });
  expect(tookMs).toBeLessThan(900);
});

test('takeBaseline() counts strangers it has seen for a second', async () => {
  await consume();
  await consume();
  const [baseline, tookMs] = await timed(takeBaseline(connection, queue, 0));
  expect(baseline).toEqual({ queue, strangers: 2, messages: 0 });
  expect(tookMs).toBeGreaterThanOrEqual(1_000);
});

test('takeBaseline() does not count a consumer that is just leaving', async () => {
  const tag = await consume();
  const checkQueue = jest.spyOn(connection, 'checkQueue');
  const taking = takeBaseline(connection, queue, 0);
  await checkQueue.mock.results[0]?.value;
  await channel.cancel(tag);
  expect(await taking).toEqual({ queue, strangers: 0, messages: 0 });
  checkQueue.mockRestore();
});

test('takeBaseline() does not count our own consumers', async () => {
  await consume();
  const [baseline, tookMs] = await timed(takeBaseline(connection, queue, 1));
  expect(baseline).toEqual({ queue, strangers: 0, messages: 0 });
  expect(tookMs).toBeLessThan(900);
});

test('takeBaseline() finds nothing on a queue that is missing, or exclusive to somebody', async () => {
  expect(await takeBaseline(connection, 'no-such-queue', 0)).toMatchObject({ strangers: 0, messages: 0 });
  const exclusive = uniqueName();
  await channel.assertQueue(exclusive, { exclusive: true });
  expect(await takeBaseline(connection, exclusive, 0)).toMatchObject({ strangers: 0, messages: 0 });
});
