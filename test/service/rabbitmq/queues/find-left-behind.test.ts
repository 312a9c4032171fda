import { type Channel, type ChannelModel, connect } from 'amqplib';
import { BrokerConnection } from '../../../../src/service/rabbitmq/broker-connection.ts';
import { ExpectedConsumers, queueKey } from '../../../../src/service/rabbitmq/queues/expected-consumers.ts';
import { findLeftBehind } from '../../../../src/service/rabbitmq/queues/find-left-behind.ts';
import { QueueDeaths } from '../../../../src/service/rabbitmq/queues/queue-deaths.ts';
import type { RabbitmqSpec, RabbitmqUse } from '../../../../src/service/rabbitmq/rabbitmq-use.ts';
import { rabbitmqUrl, uniqueName } from '../../services.ts';

const connection = new BrokerConnection(rabbitmqUrl, 'find-left-behind.test');
const files = ['a.test.js'];
let broker: ChannelModel;
let channel: Channel;
let queue: string;
let consumers: ExpectedConsumers;
let deaths: QueueDeaths;

beforeAll(async () => {
  broker = await connect(rabbitmqUrl, { noDelay: true });
  channel = await broker.createChannel();
});
beforeEach(async () => {
  queue = uniqueName();
  consumers = new ExpectedConsumers();
  deaths = new QueueDeaths();
  await channel.assertQueue(queue, { durable: false });
  for (const text of ['one', 'two', 'three']) channel.sendToQueue(queue, Buffer.from(text));
  while ((await channel.checkQueue(queue)).messageCount < 3);
});
afterEach(() => channel.deleteQueue(queue));
afterAll(async () => {
  await broker.close();
  await connection.close();
});

function find(changes: Partial<RabbitmqSpec> = {}, isPurged = false) {
  const spec = { kind: 'rabbitmq', queues: [queue], ...changes };
  const use = { worker: 'ops', spec, url: rabbitmqUrl, source: 'RABBITMQ_URL' } as RabbitmqUse;
  return findLeftBehind(use, { connection, consumers, deaths, isPurged });
}

const depth = async () => (await channel.checkQueue(queue)).messageCount;

test('findLeftBehind() counts what a dead worker left, once', async () => {
  deaths.noteDeath(queueKey(rabbitmqUrl, queue), files);
  expect(await find()).toEqual([{ queue, messages: 3, files }]);
  expect(await find()).toEqual([]);
  expect(await depth()).toBe(3);
});

test('findLeftBehind() finds nothing where no worker died', async () => {
  expect(await find()).toEqual([]);
});

test.each([
  [1, [{ messages: 2, files }]],
  [3, []],
  [4, []],
])('findLeftBehind() leaves out the %i messages that were there before', async (before, left) => {
  deaths.noteSpawn(queueKey(rabbitmqUrl, queue), before);
  deaths.noteDeath(queueKey(rabbitmqUrl, queue), files);
  expect(await find()).toEqual(left.map(one => ({ queue, ...one })));
});

test('findLeftBehind() drops all that is there where that is asked for', async () => {
  deaths.noteDeath(queueKey(rabbitmqUrl, queue), files);
  expect(await find({}, true)).toEqual([{ queue, messages: 3, files }]);
  expect(await depth()).toBe(0);
});

test.each([{ share: true }, { purge: true }])(
  'findLeftBehind() does not look at a queue whose probe has %j',
  async changes => {
    deaths.noteDeath(queueKey(rabbitmqUrl, queue), files);
    expect(await find(changes, true)).toEqual([]);
    expect(await depth()).toBe(3);
  },
);

test('findLeftBehind() does not look at a queue that another worker of the run takes from', async () => {
  deaths.noteDeath(queueKey(rabbitmqUrl, queue), files);
  consumers.expect(queueKey(rabbitmqUrl, queue), 'other', 1);
  expect(await find({}, true)).toEqual([]);
  expect(await depth()).toBe(3);
});

test('findLeftBehind() drops nothing, and blames nobody, where another process takes from the queue', async () => {
  deaths.noteDeath(queueKey(rabbitmqUrl, queue), files);
  await channel.prefetch(1);
  await channel.consume(queue, () => {});
  expect(await find({}, true)).toEqual([]);
  expect(await depth()).toBe(2);
});
