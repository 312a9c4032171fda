import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { ProbeAnswer } from '../../../../src/probe/probe.ts';
import { untilReady } from '../../../../src/probe/until-ready.ts';
import { BrokerConnection } from '../../../../src/service/rabbitmq/broker-connection.ts';
import { askQueueType } from '../../../../src/service/rabbitmq/queues/ask-queue-type.ts';
import type { ListedConsumer } from '../../../../src/service/rabbitmq/queues/list-consumers.ts';
import type { ConsumerListing } from '../../../../src/service/rabbitmq/queues/uncounted-queues.ts';
import { rabbitmqProbe } from '../../../../src/service/rabbitmq/rabbitmq-probe.ts';
import { rabbitmqUrl, uniqueName } from '../../services.ts';
import { miscounting } from './miscounting-broker.ts';

let broker: ChannelModel;
let channel: Channel;
let queue: string;
let connection: BrokerConnection;

beforeAll(async () => {
  broker = await connect(rabbitmqUrl, { noDelay: true });
  channel = await broker.createChannel();
});
afterAll(() => broker.close());
beforeEach(() => {
  queue = uniqueName();
  connection = new BrokerConnection(rabbitmqUrl, 'uncounted-queues.test');
});
afterEach(async () => {
  await connection.close();
  await channel.deleteQueue(queue);
});

const declare = (type?: string) =>
  channel.assertQueue(queue, {
    durable: true,
    ...(type === undefined ? {} : { arguments: { 'x-queue-type': type } }),
  });

/** Asks until it is over, or until the answer is there. */
async function probed(
  listed: readonly ListedConsumer[] | undefined,
  {
    until = /never/,
    isGiven = false,
    through = connection,
  }: { until?: RegExp; isGiven?: boolean; through?: BrokerConnection } = {},
): Promise<ProbeAnswer | undefined> {
  const stop = new AbortController();
  const listing: ConsumerListing = {
    url: 'http://broker:15672',
    isGiven,
    list: async () => listed,
    ownPorts: () => [5000],
  };
  const probe = rabbitmqProbe({ queues: [queue], consumers: 1 }, through, () => 0, listing);
  let last: ProbeAnswer | undefined;
  await untilReady([probe], {
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]),
    onAnswer(_, answer) {
      last = answer;
      if ('why' in answer && until.test(answer.why)) stop.abort();
    },
  });
  return last;
}

test.each([
  ['stream', 'stream'],
  ['quorum', 'quorum'],
  ['classic', 'classic'],
  [undefined, 'classic'],
])('askQueueType() knows a queue declared as %s, and makes none', async (declared, type) => {
  expect(await askQueueType(connection, queue)).toBeUndefined();
  expect(await connection.checkQueue(queue)).toEqual({ kind: 'missing' });
  await declare(declared);
  expect(await askQueueType(connection, queue)).toBe(type);
});

test('a stream whose consumers nobody counts is told as one, with what to do', async () => {
  await declare('stream');
  expect(await probed(undefined)).toEqual({
    kind: 'fatal',
    why: `queue "${queue}" is a stream, of which the broker counts no consumers, and no management API answers at http://broker:15672: set managementUrl on the probe, or use log({ pattern }) or notify() in its place`,
  });
});

test("the consumers of a stream are counted by the management API, the worker's own only", async () => {
  await declare('stream');
  const foreign = [
    { queue, peerPort: 5001 },
    { queue: 'other', peerPort: 5000 },
  ];
  expect(await probed(foreign, { until: /management/ })).toEqual({
    kind: 'pending',
    why: `queue "${queue}", a stream, has 0 consumers of the worker by the management API, wanted 1`,
  });
  expect(await probed([...foreign, { queue, peerPort: 5000 }])).toEqual({ kind: 'ready' });
});

test('a management API that the probe names is waited for', async () => {
  await declare('stream');
  expect(await probed(undefined, { isGiven: true, until: /management/ })).toMatchObject({
    kind: 'pending',
    why: expect.stringContaining(
      'is a stream, and the management API does not answer at http://broker:15672',
    ),
  });
});

test('a quorum queue of a broker that counts them wrongly is told as one, or counted by the management API', async () => {
  await declare('quorum');
  await channel.prefetch(1);
  await channel.consume(queue, () => {});
  const wrong = await miscounting(rabbitmqUrl, '4.1.3');
  const through = new BrokerConnection(wrong.url, 'uncounted-queues.test');
  try {
    expect(await probed(undefined, { through, until: /quorum/ })).toEqual({
      kind: 'pending',
      why: expect.stringMatching(
        new RegExp(
          `^queue "${queue}" has 0 consumers, wanted 1; it is a quorum queue, of which RabbitMQ 4\\.1\\.3 * may count none wrongly: set managementUrl on the probe, or use log\\(\\{ pattern \\}\\)$`,
        ),
      ),
    });
    expect(await probed([{ queue, peerPort: 5000 }], { through })).toEqual({ kind: 'ready' });
  } finally {
    await through.close();
    wrong.close();
  }
});

test('a classic queue without consumers is just waited for', async () => {
  await declare();
  expect(await probed([{ queue, peerPort: 5000 }], { until: /0 consumers, wanted 1$/ })).toMatchObject({
    kind: 'pending',
  });
});
