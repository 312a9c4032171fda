import { type TlsBroker, tlsBroker } from '../service/rabbitmq/tls-broker.ts';
import { configFile, fixtures } from './harness/config-file.ts';
import { failureOf, quick } from './harness/failure-of.ts';
import { withProject } from './harness/project.ts';
import { brokerUrl } from './harness/services.ts';

jest.setTimeout(90_000);

let broker: TlsBroker;
beforeAll(async () => {
  broker = await tlsBroker(brokerUrl);
});
afterAll(() => broker.close());

const worker = (env: string) =>
  configFile(
    `ops: { command: ['node', W + '/amqplib-worker.mjs'], ${quick} env: { TASK_QUEUE, TASK_TABLE, ${env} }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
  );

function amqps(): string {
  const { username, password } = new URL(brokerUrl);
  return `amqps://${username}:${password}@localhost:${broker.port}/`;
}

test('probe and fixtures trust whom the worker trusts by its environment', async () =>
  withProject(
    {
      'jest.config.js': worker('NODE_EXTRA_CA_CERTS: process.env.AUTHORITY').replace(quick, ''),
      'a.test.js': `${fixtures}
        test('publishes over TLS', async () => {
          await rabbitmq().publish(TASK_QUEUE, { id: 'x', provider: 'known' });
          await liveWorker('ops').logs.waitFor('task not found: x');
          expect(rabbitmq().url).toMatch(/^amqps:/);
        });`,
    },
    async project => {
      const { code, output } = await project.run({
        env: { RABBITMQ_URL: amqps(), AUTHORITY: broker.authority },
      });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('an authority that nobody named is asked for, with the ways to name it', async () => {
  const { text, events } = await failureOf(
    { 'jest.config.js': worker('') },
    { env: { RABBITMQ_URL: amqps() } },
  );
  expect(text).toContain(`TLS with localhost:${broker.port} failed (SELF_SIGNED_CERT_IN_CHAIN)`);
  expect(text).toContain(
    "change: name the authority that signed its certificate: ?cacertfile=ca.pem in RABBITMQ_URL, or NODE_EXTRA_CA_CERTS or SSL_CERT_FILE in the worker's env",
  );
  expect(events).not.toContain('worker.spawned');
});
