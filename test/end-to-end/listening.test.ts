import { connect } from 'amqplib';
import { configFile, fixtures } from './harness/config-file.ts';
import { deleteQueues, exchangeExists, processesOf, untilGone, withProject } from './harness/project.ts';
import { brokerUrl } from './harness/services.ts';

jest.setTimeout(90_000);

/** Publishes what a message tells it to. */
const messenger = configFile(`
ops: {
  command: ['node', W + '/messenger.mjs'],
  env: { TASK_QUEUE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })],
},`);

const head = `${fixtures}
const broker = rabbitmq();
const results = TASK_QUEUE + '-results';
const events = TASK_QUEUE + '-events';
const tell = (...publish) => broker.publish(TASK_QUEUE, { publish });
beforeAll(() => broker.declare({ queue: results }, { exchange: events, type: 'topic' }));
`;

test('what a worker publishes is waited for, and nothing is lost that comes after the listener began', async () =>
  withProject(
    {
      'jest.config.js': messenger,
      'a.test.js': `${head}
      test('on a queue, and what does not match stays there', async () => {
        await tell({ routingKey: results, content: { id: 1 } }, { routingKey: results, content: { id: 2 }, messageId: 'm2' });
        const found = await broker.waitForMessage(results, ({ content }) => content.id === 2);
        expect(found).toMatchObject({ content: { id: 2 }, routingKey: results, properties: { messageId: 'm2', contentType: 'application/json' } });
        expect(found.content).toStrictEqual({ id: 2 });
        expect(await broker.waitForMessage(results)).toMatchObject({ content: { id: 1 }, redelivered: true });
        expect(await broker.depth(results)).toEqual({ ready: 0, consumers: 0 });
      });
      test('on an exchange, begun before what makes the worker publish', async () => {
        const heard = await broker.consume({ exchange: events, routingKey: 'order.*' });
        await tell(...[1, 2, 3].map(id => ({ exchange: events, routingKey: id === 2 ? 'refund.made' : 'order.placed', content: { id } })));
        expect((await heard.next(({ content }) => content.id === 3)).content).toEqual({ id: 3 });
        expect((await heard.arrived()).map(({ content }) => content.id)).toEqual([1]);
        expect((await heard.next()).content).toEqual({ id: 1 });
        await heard.stop();
        expect(await caught(heard.next())).toMatchObject({ code: 'WAIT_TIMEOUT', message: expect.stringContaining('comes any more: its listener has stopped') });
      });
      test('on an exchange, not awaited before the publish', async () => {
        for (let id = 0; id < 20; id += 1) {
          const placed = broker.waitForMessage({ exchange: events, routingKey: 'order.placed' });
          await tell({ exchange: events, routingKey: 'order.placed', content: { id } });
          expect((await placed).content.id).toBe(id);
        }
      });
      test('text stays text, bytes stay bytes', async () => {
        const heard = await broker.consume(results);
        for (const sent of ['123', 'plain', Buffer.from([0xff, 0])]) await broker.publish(results, sent);
        expect((await heard.next()).content).toBe('123');
        expect((await heard.next()).content).toBe('plain');
        const { content, body } = await heard.next();
        expect(content.equals(Buffer.from([0xff, 0]))).toBe(true);
        expect(body).toBe(content);
      });
      let late;
      test('a listener ends with its test', async () => {
        late = await broker.consume(results);
        await broker.publish(results, 'kept');
        await eventually(async () => expect(await late.arrived()).toHaveLength(1));
      });
      test('and what it held is back on the queue', async () => {
        await eventually(async () => expect(await broker.depth(results)).toEqual({ ready: 1, consumers: 0 }));
        expect((await broker.get(results)).content.toString()).toBe('kept');
      });
      test('what is no place to listen at is refused by name', async () => {
        expect(await caught(broker.consume(undefined))).toMatchObject({ code: 'ARGUMENT_INVALID', message: 'consume(): target is undefined, wanted the name of a queue, or { exchange, routingKey }' });
        expect(await caught(broker.consume({ exchange: 'a' }))).toMatchObject({ code: 'ARGUMENT_INVALID', message: 'consume(): routingKey is undefined, wanted a text' });
        expect(await caught(broker.waitForMessage(results, { id: 1 }))).toMatchObject({ code: 'ARGUMENT_INVALID', message: 'waitForMessage(): match is an object, wanted a function that answers true for what is waited for' });
        expect(await caught(broker.waitForMessage(results, undefined, { timeoutMs: '5' }))).toMatchObject({ code: 'ARGUMENT_INVALID', message: 'waitForMessage(): timeoutMs is "5", wanted milliseconds from 0 on' });
        const missing = await caught(broker.waitForMessage(results + '-typo'));
        expect(missing).toMatchObject({ code: 'BROKER_REFUSED', details: { code: 404 } });
        expect(missing.message).toContain('Cannot consume from queue "' + results + '-typo": no queue');
        expect(missing.stack).toContain('a.test.js');
        expect(await caught(broker.consume({ exchange: events + '-typo', routingKey: '#' }))).toMatchObject({ code: 'BROKER_REFUSED', message: expect.stringContaining('no exchange') });
      });`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('a wait for a message fails before its test does, and says what came instead, without secrets', async () =>
  withProject(
    {
      'jest.config.js': messenger.replace('env: {', "env: { API_TOKEN: 'sesame-4711', "),
      'a.test.js': `${head}
      test('other messages', async () => {
        await tell({ routingKey: results, content: { id: 1, note: ['sesame', 4711].join('-') }, type: 'made' }, { routingKey: results, content: 'two' });
        await broker.waitForMessage(results, ({ content }) => content.id === 3);
      }, 900);
      test('no message', () => broker.waitForMessage({ exchange: events, routingKey: '#' }), 900);
      test('no such listener any more', async () => {
        const heard = await broker.consume(results);
        await heard.next(({ content }) => content === 'never', { timeoutMs: 50 });
      }, 900);
      test('the worker dies', async () => {
        const waiting = broker.waitForMessage({ exchange: events, routingKey: '#' });
        process.kill(liveWorker('ops').pid, 'SIGKILL');
        await waiting;
      }, 20_000);`,
    },
    async project => {
      const { code, output, results } = await project.run();
      const [other = '', none = '', short = '', death = ''] =
        results?.testResults[0]?.assertionResults.map(({ failureMessages }) => failureMessages.join()) ?? [];
      expect(code).toBe(1);
      expect(other).toMatch(
        /WAIT_TIMEOUT\]: No message of queue "e2e-\w+-results" that matches came within \d{3} ms\n2 messages came instead:\n {2}"e2e-\w+-results", type "made", \{"id":1,"note":"\*\*\*"\}\n {2}"e2e-\w+-results", "two"\nqueue "e2e-\w+-results": 0 messages waiting, 1 consumer\n/,
      );
      expect(none).toMatch(/No message of exchange "e2e-\w+-events" by "#" came within \d{3} ms\n/);
      expect(short).toMatch(/No message of queue "e2e-\w+-results" that matches came within \d+ ms\n/);
      expect(death).toContain('WORKER_EXITED');
      expect(output).not.toContain('Exceeded timeout');
      expect(output).not.toContain('sesame-4711');
    },
  ));

test('when Jest is killed, the broker takes away by itself what was temporary', async () =>
  withProject(
    {
      'jest.config.js': messenger,
      'a.test.js': `${head}
      test('is killed', async () => {
        await broker.declare({ queue: results, exchange: events, routingKey: '#' });
        const heard = await broker.consume({ exchange: events, routingKey: '#' });
        await broker.publish({ exchange: events, routingKey: 'a' }, 'x');
        await heard.next();
        process.stderr.write('LISTENING\\n');
        await new Promise(() => {});
      }, 60_000);`,
    },
    async project => {
      const connection = await connect(brokerUrl, { noDelay: true });
      try {
        const run = project.start();
        await run.untilOutput('LISTENING');
        const [results, events] = [`${project.queue}-results`, `${project.queue}-events`];
        run.child.kill('SIGKILL');
        await run.ended;
        await untilGone(() => processesOf(project.id));
        const channel = await connection.createChannel();
        channel.on('error', () => {});
        // It goes by its x-expires; the exchange goes with its last binding, once listener and guard have gone with their connection.
        const refusal = await channel
          .assertQueue(results, { durable: true })
          .catch((error: Error) => error.message);
        expect(refusal).toContain("inequivalent arg 'x-expires'");
        expect(refusal).toContain("current is the value '300000'");
        await deleteQueues([results]);
        expect(await exchangeExists(events)).toBe(false);
      } finally {
        await connection.close();
      }
    },
  ));
