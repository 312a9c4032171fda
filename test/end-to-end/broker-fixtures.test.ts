import { connect } from 'amqplib';
import { configFile, fixtures } from './harness/config-file.ts';
import { exchangeExists, type ProjectFiles, queueExists, withProject } from './harness/project.ts';
import { brokerUrl } from './harness/services.ts';

jest.setTimeout(90_000);

/** Publishes, answers and rejects as a message tells it to. */
const messenger = configFile(`
ops: {
  command: ['node', W + '/messenger.mjs'],
  env: { TASK_QUEUE, QUEUE_ARGUMENTS: JSON.stringify({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': TASK_QUEUE + '-dead' }) },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })],
},`);

const head = `${fixtures}
const { nestMessage, celeryTask } = require('jest-environment-live-worker/fixtures');
const broker = rabbitmq();
`;

async function expectGreen(files: ProjectFiles): Promise<void> {
  await withProject({ 'jest.config.js': messenger, ...files }, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).not.toContain('did not exit');
  });
}

test('a worker is called and answers, its own way or by an envelope', () =>
  expectGreen({
    'a.test.js': `${head}
    test('by replyTo and correlationId', async () => {
      const answer = await broker.call(TASK_QUEUE, { reply: { total: 3 } });
      expect(answer).toMatchObject({ content: { total: 3 }, properties: { correlationId: expect.any(String) } });
      const all = await Promise.all([1, 2, 3].map(reply => broker.call(TASK_QUEUE, { reply: [reply] })));
      expect(all.map(({ content }) => content)).toEqual([[1], [2], [3]]);
    });
    test('with an error by its envelope', async () => {
      const nest = { ...nestMessage('order.price'), wrap: () => ({ content: { reply: { err: { status: 'error', message: 'no such article' }, isDisposed: true } }, options: {} }) };
      expect(await caught(broker.call(TASK_QUEUE, nest))).toMatchObject({
        code: 'CALL_FAILED',
        message: 'The worker answered the call of queue "' + TASK_QUEUE + '" with an error: {"status":"error","message":"no such article"}',
        details: { error: { status: 'error', message: 'no such article' } },
      });
    });
    test('not at all', async () => {
      const error = await caught(broker.call(TASK_QUEUE, { reply: undefined }, { timeoutMs: 80 }));
      expect(error.code).toBe('WAIT_TIMEOUT');
      expect(error.message).toMatch(/^No answer to the call of queue "[\\w-]+" came within \\d+ ms\\nqueue "[\\w-]+": 0 messages waiting, 1 consumer$/);
      expect(error.stack).toContain('a.test.js');
      const celery = { ...celeryTask('shop.price'), wrap: () => ({ content: { reply: { status: 'STARTED' } }, options: {} }) };
      expect((await caught(broker.call(TASK_QUEUE, celery, { timeoutMs: 80 }))).message).toContain("result_backend='rpc://'");
    });
    test('from nowhere', async () => {
      expect(await caught(broker.call(TASK_QUEUE + '-typo', 'x'))).toMatchObject({ code: 'MESSAGE_UNROUTABLE' });
      expect(await caught(broker.call(5, 'x'))).toMatchObject({ code: 'ARGUMENT_INVALID', message: 'call(): target is 5, wanted the name of a queue, or { exchange, routingKey }' });
      expect(await caught(broker.call(TASK_QUEUE, 'x', { timeoutMs: -1 }))).toMatchObject({ code: 'ARGUMENT_INVALID' });
      expect(() => nestMessage('')).toThrow('nestMessage(): pattern is "", wanted a text or an object');
      expect(() => celeryTask('a', 'b')).toThrow('celeryTask(): args is "b", wanted an array');
    });`,
  }));

test('dead letters are found, with why and when', () =>
  expectGreen({
    'a.test.js': `${head}
    test('those of the worker', async () => {
      await broker.declare({ queue: TASK_QUEUE + '-dead' });
      await broker.publish(TASK_QUEUE, { reject: true }, { messageId: 'm1', headers: { tenant: 'a' } });
      const dead = await broker.waitForMessage(TASK_QUEUE + '-dead');
      expect(dead.deaths).toStrictEqual([{ queue: TASK_QUEUE, reason: 'rejected', count: 1, exchange: '', routingKeys: [TASK_QUEUE], time: expect.any(Date) }]);
      await broker.publish(TASK_QUEUE, { reject: true }, { messageId: 'm2' });
      await eventually(async () => expect((await broker.deadLetters(TASK_QUEUE)).messages).toHaveLength(1));
      const { exchange, routingKey, queues, messages } = await broker.deadLetters(TASK_QUEUE);
      expect({ exchange, routingKey, queues }).toEqual({ exchange: '', routingKey: TASK_QUEUE + '-dead', queues: [TASK_QUEUE + '-dead'] });
      expect(messages).toMatchObject([{ content: { reject: true }, properties: { messageId: 'm2' }, deaths: [{ reason: 'rejected' }] }]);
      expect(Math.abs(Date.now() - messages[0].deaths[0].time)).toBeLessThan(60_000);
    });
    test('of an exchange, in the queue that is named', async () => {
      const [queue, dead] = ['-own', '-lost'].map(end => TASK_QUEUE + end);
      await broker.declare(
        { exchange: dead, type: 'fanout' }, { queue: dead }, { queue: dead, exchange: dead },
        { queue, autoDelete: true, arguments: { 'x-dead-letter-exchange': dead, 'x-message-ttl': 1, 'x-max-length': 5 } },
      );
      await broker.publish(queue, 'late');
      await eventually(async () => expect((await broker.deadLetters(queue, { in: dead })).messages).toMatchObject([{ content: 'late', deaths: [{ reason: 'expired', queue }] }]));
      expect((await broker.deadLetters(queue, { in: dead })).exchange).toBe(dead);
      expect((await caught(broker.deadLetters(queue))).message).toContain('they go to exchange "' + dead + '", and which queues are bound to it is known to the management API alone');
      expect((await caught(broker.deadLetters(dead))).message).toContain('Cannot look for dead letters of queue "' + dead + '": it has no x-dead-letter-exchange');
      expect(await caught(broker.deadLetters(queue + '-typo'))).toMatchObject({ code: 'BROKER_REFUSED', details: { code: 404 } });
      expect(await caught(broker.deadLetters(''))).toMatchObject({ code: 'ARGUMENT_INVALID' });
    });`,
  }));

test('a queue is looked into and emptied, and messages have the defaults of their handle', () =>
  expectGreen({
    'a.test.js': `${head}
    const queue = TASK_QUEUE + '-own';
    beforeAll(() => broker.declare({ queue }));
    test('peek and drain', async () => {
      const own = rabbitmq({ defaults: { headers: { tenant: 'a', trace: '1' }, type: 'order' } });
      for (let id = 0; id < 5; id += 1) await own.publish(queue, { id }, id === 4 ? { headers: { trace: '2' }, messageId: 'm4', type: 'last' } : {});
      const seen = await broker.peek(queue, { limit: 3 });
      expect(seen.map(({ content, redelivered }) => [content.id, redelivered])).toEqual([[0, false], [1, false], [2, false]]);
      expect(await broker.depth(queue)).toEqual({ ready: 5, consumers: 0 });
      const drained = await broker.drain(queue);
      expect(drained.map(({ content, redelivered }) => [content.id, redelivered])).toEqual([[0, true], [1, true], [2, true], [3, false], [4, false]]);
      expect(drained[0]).toMatchObject({ headers: { tenant: 'a', trace: '1' }, properties: { type: 'order', messageId: expect.stringMatching(/^[\\da-f-]{36}$/) } });
      expect(drained[4]).toMatchObject({ headers: { tenant: 'a', trace: '2' }, properties: { type: 'last', messageId: 'm4' } });
      expect(new Set(drained.map(({ properties }) => properties.messageId)).size).toBe(5);
      expect(await broker.drain(queue)).toEqual([]);
      expect(await broker.peek(queue)).toEqual([]);
    });
    test('what is no limit or no queue is refused by name', async () => {
      for (const limit of [0, 1.5, NaN, '3']) expect(await caught(broker.peek(queue, { limit }))).toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringMatching(/^peek\\(\\): limit is .*, wanted a whole number from 1 on$/) });
      expect((await caught(broker.drain())).message).toBe('drain(): queue is undefined, wanted a text');
      expect(await caught(broker.drain(queue + '-typo'))).toMatchObject({ code: 'BROKER_REFUSED', details: { code: 404 } });
      expect(() => rabbitmq({ defaults: 5 })).toThrow('rabbitmq(): defaults is 5, wanted properties of a message');
    });`,
  }));

test('what is declared is there until the file is over, and what was there stays as it was', async () => {
  const connection = await connect(brokerUrl, { noDelay: true });
  const channel = await connection.createChannel();
  try {
    await withProject(
      {
        'jest.config.js': messenger,
        'a.test.js': `${head}
        const [own, before, events, old] = ['-own', '-before', '-events', '-old'].map(end => TASK_QUEUE + end);
        test('queue, exchange, binding', async () => {
          await broker.declare({ exchange: events, type: 'fanout' });
          expect(await caught(broker.publish({ exchange: events, routingKey: '' }, 'x'))).toMatchObject({ code: 'MESSAGE_UNROUTABLE' });
          await broker.declare({ queue: own }, { queue: own, exchange: events });
          await broker.publish({ exchange: events, routingKey: '' }, 'routed');
          expect(await broker.depth(own)).toEqual({ ready: 1, consumers: 0 });
          await broker.declare({ queue: own }, { queue: own, durable: true, arguments: {} }, { exchange: events, type: 'fanout' });
        });
        test('one that was there', async () => {
          await broker.declare({ queue: before }, { exchange: old, type: 'direct' }, { queue: before, autoDelete: false }, { queue: before, arguments: { 'x-message-ttl': 7000 } });
          const ttl = await caught(broker.declare({ queue: before, arguments: { 'x-message-ttl': 5 } }));
          expect(ttl).toMatchObject({ code: 'BROKER_REFUSED', details: { code: 406 } });
          expect(ttl.message).toMatch(/^Cannot declare queue "[\\w-]+": inequivalent arg 'x-message-ttl' for queue .*; it was there before and stays as it is: declare it with what it has, or a queue by its name alone \\(406\\)/);
          expect((await caught(broker.declare({ exchange: old, type: 'topic' }))).message).toContain("inequivalent arg 'type'");
          expect((await caught(broker.declare({ queue: before, exchange: old, routingKey: 'k' }))).message).toContain('for this test file alone: both were there before');
        });
        test('what is no declaration is refused by name', async () => {
          const message = async declaration => (await caught(broker.declare(declaration))).message;
          expect(await message({})).toBe('declare(): queue is undefined, wanted a queue, an exchange, or both for a binding');
          expect(await message('q')).toBe('declare(): declaration is "q", wanted { queue }, { exchange, type } or both');
          expect(await message({ queue: '' })).toBe('declare(): queue is "", wanted a text');
          expect(await message({ exchange: 'e', type: 'topik' })).toBe('declare(): type is "topik", wanted direct, topic, fanout or headers');
          expect(await message({ queue: 'q', type: 'topic' })).toBe('declare(): type of a queue is "topic", wanted nothing: it has queue, durable, autoDelete, arguments, exact');
          expect(await message({ queue: 'q', durable: 'yes' })).toBe('declare(): durable is "yes", wanted true or false');
          expect(await message({ queue: 'q', arguments: 5 })).toBe('declare(): arguments is 5, wanted an object');
        });`,
      },
      async project => {
        const name = (end: string) => `${project.queue}${end}`;
        await channel.assertQueue(name('-before'), { durable: true, arguments: { 'x-message-ttl': 7_000 } });
        await channel.assertExchange(name('-old'), 'direct', { durable: false });
        try {
          const { code, output } = await project.run();
          expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
          expect(await queueExists(name('-own'))).toBe(false);
          expect(await queueExists(name('-before'))).toBe(true);
          expect(await exchangeExists(name('-events'))).toBe(false);
          expect(await exchangeExists(name('-old'))).toBe(true);
        } finally {
          await channel.deleteQueue(name('-before'));
          await channel.deleteExchange(name('-old'));
        }
      },
    );
  } finally {
    await connection.close();
  }
});

test('a queue of the worker is removed when it has stopped, and only if it was not there before', async () =>
  withProject(
    {
      'jest.config.js': messenger,
      'a.test.js': `${head}
      test('its own, also one that is not there yet', async () => {
        await broker.removeAtEnd(TASK_QUEUE);
        await broker.removeAtEnd(TASK_QUEUE + '-lazy');
        const channel = await (await require(process.env.AMQPLIB).connect(broker.url)).createChannel();
        await channel.assertQueue(TASK_QUEUE + '-lazy', { durable: true });
        await channel.connection.close();
        await broker.publish(TASK_QUEUE + '-lazy', 'left');
      });`,
      'b.test.js': `${head}
      test('one that was there', async () => {
        expect(await caught(broker.removeAtEnd(TASK_QUEUE))).toMatchObject({ code: 'BROKER_REFUSED', message: expect.stringContaining("it is not known to be this file's own") });
        expect(await caught(broker.removeAtEnd())).toMatchObject({ code: 'ARGUMENT_INVALID' });
      });`,
    },
    async project => {
      const { queue } = project;
      const env = { AMQPLIB: require.resolve('amqplib') };
      const own = await project.run({ args: ['a.test'], env });
      expect({ ...own, output: own.code === 0 ? '' : own.output }).toMatchObject({ code: 0, output: '' });
      expect(await queueExists(queue)).toBe(false);
      expect(await queueExists(`${queue}-lazy`)).toBe(false);
      const connection = await connect(brokerUrl, { noDelay: true });
      const options = { durable: true, deadLetterExchange: '', deadLetterRoutingKey: `${queue}-dead` };
      await (await connection.createChannel()).assertQueue(queue, options);
      await connection.close();
      const before = await project.run({ args: ['b.test'], env });
      expect({ ...before, output: before.code === 0 ? '' : before.output }).toMatchObject({
        code: 0,
        output: '',
      });
      expect(await queueExists(queue)).toBe(true);
    },
  ));
