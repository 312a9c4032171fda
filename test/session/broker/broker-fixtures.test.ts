import { type Channel, type ChannelModel, connect } from 'amqplib';
import { BrokerConnection } from '../../../src/probe/rabbitmq/broker-connection.ts';
import { brokerFixtures } from '../../../src/session/broker-fixtures.ts';
import { type BrokerProxy, standBefore } from '../../probe/broker-proxy.ts';
import { rabbitmqUrl, uniqueName } from '../../probe/services.ts';

let broker: ChannelModel;
let channel: Channel;
let queue: string;
let connection: BrokerConnection;
let proxy: BrokerProxy | undefined;

beforeAll(async () => {
  broker = await connect(rabbitmqUrl, { noDelay: true });
  channel = await broker.createChannel();
});
afterAll(() => broker.close());
beforeEach(async () => {
  queue = uniqueName();
  await channel.assertQueue(queue, { durable: false });
  connection = new BrokerConnection(rabbitmqUrl, 'broker-fixtures.test');
});
afterEach(async () => {
  await connection.close();
  proxy?.close();
  proxy = undefined;
  await channel.deleteQueue(queue);
});

const body = Buffer.from('x');

/** Codes of those that failed, and what came of the others. */
async function outcomes(work: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const settled = await Promise.allSettled(work);
  return settled.map(result => (result.status === 'fulfilled' ? 'done' : result.reason.code));
}

async function through(delayMs = 0): Promise<BrokerProxy> {
  proxy = await standBefore(rabbitmqUrl, { delayMs });
  connection = new BrokerConnection(proxy.url, 'broker-fixtures.test');
  return proxy;
}

async function publishes(exchanges: readonly string[]) {
  const { publish } = brokerFixtures(connection);
  return outcomes(exchanges.map(exchange => publish({ exchange, routingKey: queue }, body, {}, [])));
}

test('publish() of several at once rejects only what goes to a missing exchange', async () => {
  const missing = uniqueName();
  expect(await publishes(['', missing, '', ''])).toEqual(['done', 'BROKER_REFUSED', 'done', 'done']);
  expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 3 });
  const again = brokerFixtures(connection).publish({ exchange: missing, routingKey: queue }, body, {}, []);
  await expect(again).rejects.toMatchObject({
    code: 'BROKER_REFUSED',
    details: { code: 404 },
    message: expect.stringMatching(
      new RegExp(
        `^Cannot publish to exchange "${missing}": no exchange '${missing}' in vhost '/' \\(404\\)\n`,
      ),
    ),
  });
});

test('publish() of a message the broker refuses for itself leaves those beside it alone, and the order as it was', async () => {
  const { publish } = brokerFixtures(connection);
  const sent = [0, 1, 2, 3, 4].map(number =>
    publish(queue, Buffer.from(String(number)), number === 2 ? { expiration: -1 } : {}, []),
  );
  expect(await outcomes(sent)).toEqual(['done', 'done', 'BROKER_REFUSED', 'done', 'done']);
  const taken: string[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) break;
    taken.push(message.content.toString());
  }
  expect(taken).toEqual(['0', '1', '3', '4']);
});

test('publish() of several at once tells those nobody could route from their likes', async () => {
  const { publish } = brokerFixtures(connection);
  const nowhere = uniqueName();
  const sent = [queue, nowhere, queue, nowhere, queue].map(target => publish(target, body, {}, []));
  expect(await outcomes(sent)).toEqual(['done', 'MESSAGE_UNROUTABLE', 'done', 'MESSAGE_UNROUTABLE', 'done']);
});

test('publish() keeps the order of two hundred at once', async () => {
  const { publish, get } = brokerFixtures(connection);
  await Promise.all(
    Array.from({ length: 200 }, (_, number) => publish(queue, Buffer.from([number]), {}, [])),
  );
  const taken = await Promise.all(Array.from({ length: 200 }, () => get(queue)));
  expect(taken.map(message => message?.content[0])).toEqual(taken.map((_, index) => index));
});

test('publish() of what cannot be encoded leaves those beside and after it their confirms', async () => {
  const { publish } = brokerFixtures(connection);
  const unencodable = { contentType: 5 } as unknown as { contentType: string };
  const sent = [{}, unencodable, {}, {}].map(options => publish(queue, body, options, []));
  expect(await outcomes(sent)).toEqual(['done', 'BROKER_REFUSED', 'done', 'done']);
  expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 3 });
});

test('get() from a stream, for which RabbitMQ closes the connection, says why, and the next one works', async () => {
  const stream = uniqueName();
  const type = { 'x-queue-type': 'stream' };
  await channel.assertQueue(stream, { durable: true, arguments: type });
  const { get } = brokerFixtures(connection);
  try {
    await expect(get(stream)).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      details: { code: 540 },
      message: expect.stringMatching(/^Cannot get from queue "\w+": .*stream.* \(540\)\n/),
    });
    expect(await get(queue)).toBeNull();
  } finally {
    await channel.deleteQueue(stream);
  }
});

test('publish() to a queue that is full and refuses says so', async () => {
  const full = uniqueName();
  const limits = { 'x-max-length': 1, 'x-overflow': 'reject-publish' };
  await channel.assertQueue(full, { durable: false, arguments: limits });
  const { publish } = brokerFixtures(connection);
  try {
    await publish(full, body, {}, []);
    await expect(publish(full, body, {}, [])).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringContaining('the broker did not take the message (nack): is a queue for it full'),
    });
  } finally {
    await channel.deleteQueue(full);
  }
});

test('get(), purge() and depth() of several at once reject only what asks for a missing queue', async () => {
  const { get, purge, depth } = brokerFixtures(connection);
  const missing = uniqueName();
  const work = [
    get(queue),
    get(missing),
    get(queue),
    purge(missing),
    purge(queue),
    depth(missing),
    depth(queue),
  ];
  expect(await outcomes(work)).toEqual([
    'done',
    'BROKER_REFUSED',
    'done',
    'BROKER_REFUSED',
    'done',
    'BROKER_REFUSED',
    'done',
  ]);
});

test('get() takes its message for good', async () => {
  const { publish, get } = brokerFixtures(connection);
  await publish(queue, body, {}, []);
  expect(await get(queue)).toMatchObject({ content: body, redelivered: false });
  await connection.close();
  expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });
});

test('get() and depth() ask again when the connection was lost under them', async () => {
  const { cut, freeze } = await through();
  const { get, depth } = brokerFixtures(connection);
  expect(await get(queue)).toBeNull();
  freeze();
  const asked = [get(queue), depth(queue)];
  cut();
  expect(await outcomes(asked)).toEqual(['done', 'done']);
});

test('publish() does not send twice what may have arrived', async () => {
  const { cut } = await through(20);
  const { publish } = brokerFixtures(connection);
  await publish(queue, body, {}, []);
  const sent = publish(queue, body, {}, []);
  setTimeout(cut, 10);
  await expect(sent).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining(
      'before the broker confirmed the message: whether it has arrived is not known',
    ),
  });
});

test('whatever is under way when the connection is closed rejects, and nothing connects again', async () => {
  const stood = await through();
  const { get, publish, depth, purge } = brokerFixtures(connection);
  await depth(queue);
  stood.freeze();
  const work = [
    get(queue),
    get(queue),
    publish(queue, body, {}, []),
    depth(queue),
    depth(queue),
    purge(queue),
  ];
  const settled = outcomes(work);
  await connection.close();
  expect((await settled).every(code => code === 'SERVICE_UNAVAILABLE' || code === 'WAIT_TIMEOUT')).toBe(true);
  stood.thaw();
  expect(await outcomes([get(queue), publish(queue, body, {}, []), depth(queue)])).toEqual(
    Array(3).fill('WAIT_TIMEOUT'),
  );
  expect(stood.accepted).toBe(1);
});

test('close() while it still connects ends the connection too', async () => {
  await through(50);
  const asked = outcomes([brokerFixtures(connection).depth(queue)]);
  await connection.close();
  expect(await asked).toEqual([expect.stringMatching(/^(SERVICE_UNAVAILABLE|WAIT_TIMEOUT)$/)]);
});

test('a frozen broker is named in time, and what it would hand out late goes back', async () => {
  const stood = await through();
  const { get, publish, depth } = brokerFixtures(connection, () => 300);
  await publish(queue, body, {}, []);
  await get(queue);
  await channel.sendToQueue(queue, body);
  stood.freeze();
  const startedAt = performance.now();
  const late = await Promise.allSettled([get(queue), publish(queue, body, {}, []), depth(queue)]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  for (const result of late) {
    expect(result).toMatchObject({
      reason: {
        code: 'WAIT_TIMEOUT',
        message: expect.stringMatching(/^Cannot .*: RabbitMQ at .* did not answer within 300 ms/),
      },
    });
  }
  stood.thaw();
  const untilBack = brokerFixtures(connection, () => 5_000);
  while ((await untilBack.depth(queue)).ready < 2);
  expect(await untilBack.get(queue)).toMatchObject({ content: body });
});
