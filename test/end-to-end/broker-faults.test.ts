import { connect } from 'amqplib';
import { type BrokerProxy, standBefore } from '../service/rabbitmq/broker-proxy.ts';
import { privateRabbitmq } from '../services/own-server.ts';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, type ProjectFiles, withProject } from './harness/project.ts';
import { brokerUrl } from './harness/services.ts';

jest.setTimeout(120_000);

/** Only the tests' own connection goes through the proxy; the worker's does not. */
const throughProxy = configFile(`
ops: {
  command: ['node', W + '/amqplib-worker.mjs'],
  env: { TASK_QUEUE, TASK_TABLE, PROXY_URL: process.env.PROXY_URL },
  ready: [rabbitmq({ queues: [TASK_QUEUE], url: '\${PROXY_URL}' })],
},`);

async function withProxy(
  files: ProjectFiles,
  work: (project: Project, proxy: BrokerProxy, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const proxy = await standBefore(brokerUrl);
  try {
    await withProject({ 'jest.config.js': throughProxy, ...files }, project =>
      work(project, proxy, { PROXY_URL: proxy.url }),
    );
  } finally {
    proxy.close();
  }
}

/** Writes a word, and goes on when the file of that name is there. */
const untilTold = `${fixtures}
const { existsSync } = require('node:fs');
const untilTold = async word => {
  process.stderr.write('READY FOR ' + word + '\\n');
  while (!existsSync(__dirname + '/' + word)) await new Promise(resolve => setTimeout(resolve, 10).unref());
};
const handled = async id => {
  await rabbitmq().publish(TASK_QUEUE, { id, provider: 'known' });
  await liveWorker('ops').logs.waitFor('task not found: ' + id);
};`;

const tell = async (project: Project, word: string) => {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${project.folder}/${word}`, '');
};

test('a file whose connection the broker closes keeps its turn, while another waits for it', async () =>
  withProxy(
    {
      'a.test.js': `${untilTold}
        test('holds on', async () => {
          await handled('before');
          await untilTold('cut');
          await handled('after');
          await untilTold('end');
          expect(liveWorker('ops').logs.text()).not.toContain('of-the-other');
        }, 60_000);`,
      'b.test.js': `${untilTold}
        test('comes next', () => handled('of-the-other'));`,
    },
    async (project, proxy, env) => {
      const first = project.start({ args: ['a.test'], env });
      await first.untilOutput('READY FOR cut');
      const second = project.start({ args: ['b.test'], env });
      await second.untilOutput('waits for its turn');
      proxy.cut();
      await tell(project, 'cut');
      await first.untilOutput('READY FOR end');
      await tell(project, 'end');
      const { code, output } = await first.ended;
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringMatching(
          /live-worker: a\.test\.js: the broker closed the connection that held the turn on "e2e-\w+"; it was taken again after \d+ ms/,
        ),
      });
      expect(await second.ended).toMatchObject({ code: 0 });
    },
  ));

test('a file whose turn somebody else has taken fails at once, and says so', async () =>
  withProxy(
    {
      'a.test.js': `${untilTold}
        test('loses it', async () => { await untilTold('never'); }, 60_000);
        test('comes after', () => {});`,
    },
    async (project, proxy, env) => {
      const run = project.start({ args: ['a.test'], env });
      await run.untilOutput('READY FOR never');
      const thief = await connect(brokerUrl, { noDelay: true });
      try {
        proxy.refuse();
        proxy.cut();
        await steal(thief, `live-worker.turn.${project.queue}`);
        proxy.thaw();
        const { code, results } = await run.ended;
        const messages =
          results?.testResults[0]?.assertionResults.map(test => test.failureMessages.join('\n')) ?? [];
        expect(code).toBe(1);
        expect(messages).toEqual([
          expect.stringContaining(
            `[TURN_LOST]: Cannot go on with queue "${project.queue}": the broker closed the connection of this test file`,
          ),
          expect.stringContaining(`[TURN_LOST]: This file is not alone on queue "${project.queue}" any more`),
        ]);
      } finally {
        await thief.close();
      }
    },
  ));

test('what a frozen broker does not answer fails by our own message, in time', async () =>
  withProxy(
    {
      'a.test.js': `${untilTold}
        beforeAll(() => handled('warm'));
        test.each([
          ['depth', () => rabbitmq().depth(TASK_QUEUE)],
          ['get', () => rabbitmq().get(TASK_QUEUE)],
          ['publish', () => rabbitmq().publish(TASK_QUEUE, {})],
          ['purge', () => rabbitmq().purge(TASK_QUEUE)],
        ])('%s', async (_, ask) => { await untilTold('frozen'); await ask(); }, 1_500);`,
    },
    async (project, proxy, env) => {
      const run = project.start({ args: ['a.test'], env });
      await run.untilOutput('READY FOR frozen');
      proxy.freeze();
      await tell(project, 'frozen');
      const { code, results } = await run.ended;
      const messages =
        results?.testResults[0]?.assertionResults.map(test => test.failureMessages.join('\n')) ?? [];
      expect(code).toBe(1);
      expect(messages).toHaveLength(4);
      for (const message of messages)
        expect(message).toMatch(/\[WAIT_TIMEOUT\]: Cannot .*: RabbitMQ at \S+ did not answer within \d+ ms/);
      expect(messages.join('\n')).not.toContain('Exceeded timeout');
    },
  ));

test('a broker with a memory alarm is named as that', async () => {
  const broker = await privateRabbitmq(
    AbortSignal.timeout(60_000),
    'vm_memory_high_watermark.absolute = 1MB',
  );
  if (broker.kind !== 'provided') throw new Error(broker.why);
  try {
    await withProject(
      {
        'jest.config.js': configFile(`
          ops: { command: ['node', W + '/amqplib-worker.mjs'], env: { TASK_QUEUE, TASK_TABLE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
        'a.test.js': `${fixtures}
          test('publishes', () => rabbitmq().publish(TASK_QUEUE, { id: 'x' }), 2_000);
          test('looks', () => rabbitmq().depth(TASK_QUEUE), 2_000);`,
      },
      async project => {
        const { code, results } = await project.run({ env: { RABBITMQ_URL: broker.value } });
        const messages =
          results?.testResults[0]?.assertionResults.map(test => test.failureMessages.join('\n')) ?? [];
        expect({ code, count: messages.length }).toEqual({ code: 1, count: 2 });
        for (const message of messages) {
          expect(message).toMatch(
            /\[WAIT_TIMEOUT\]: Cannot .* queue "e2e-\w+": RabbitMQ at \S+ did not answer within \d+ ms: it takes nothing from connections that publish, because of an alarm: low on memory\n/,
          );
        }
      },
    );
  } finally {
    await broker.stop();
  }
});

test('requests nobody waited for keep no Jest alive, and connect to nothing afterwards', async () =>
  withProxy(
    {
      'a.test.js': `${fixtures}
        test('leaves them', () => {
          const { get, publish, depth } = rabbitmq();
          for (let count = 0; count < 100; count += 1)
            for (const left of [get(TASK_QUEUE), publish(TASK_QUEUE, {}), depth('nowhere')]) left.catch(() => {});
        });`,
    },
    async (project, proxy, env) => {
      const { code, output } = await project.run({ env });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(output).not.toContain('did not exit');
      expect(proxy.accepted).toBe(1);
    },
  ));

async function steal(thief: Awaited<ReturnType<typeof connect>>, lock: string): Promise<void> {
  for (;;) {
    const channel = await thief.createChannel();
    channel.on('error', () => {});
    try {
      await channel.assertQueue(lock, { exclusive: true, durable: false });
      return;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 405) throw error;
    }
  }
}
