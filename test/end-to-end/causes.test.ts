import { configFile } from './harness/config-file.ts';
import { failureOf, quick, scriptWorker, withServer } from './harness/failure-of.ts';

jest.setTimeout(90_000);

test('D03 the interpreter without the module is named, and the environment that has it', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': scriptWorker(`['/usr/bin/python3', 'worker.py']`),
    'worker.py': 'import only_in_venv',
    '.venv/bin/python': '',
    '.venv/lib/python3.11/site-packages/only_in_venv/__init__.py': '',
  });
  expect(failure).toContain(
    'cause:  Python has no module "only_in_venv" (ModuleNotFoundError); it ran as /usr/bin/python3 (python3',
  );
  expect(failure).toContain('A virtual environment of the project has it: <project>/.venv/bin/python');
  expect(failure).toContain('change: run the worker with it: command: [".venv/bin/python", ...]');
});

test('D04 a module of the project that is not on the path is shown where it is', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': scriptWorker(
      `['/usr/bin/python3', '-m', 'ops_core.main']`,
      `env: { PYTHONPATH: null },`,
    ),
    'src/ops_core/main.py': '',
  });
  expect(failure).toContain('The project itself has it at src/ops_core');
  expect(failure).toContain('PYTHONPATH is not set');
  expect(failure).toContain("change: set PYTHONPATH=src in the worker's env or env file");
});

test('D05 a stubbed broker shows as no connection, with the variable that looks test-only', async () => {
  const { text: failure } = await failureOf(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/stubbed-broker.mjs'], ${quick} ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
    },
    { env: { DRAMATIQ_TESTING: '1' } },
  );
  expect(failure).toMatch(
    /cause: {2}it is alive, but has no connection to RabbitMQ at \S+:\d+ \(RABBITMQ_URL, inherited/,
  );
  expect(failure).toContain('DRAMATIQ_TESTING=1 (inherited from the environment of Jest)');
  expect(failure).toContain('change: take it away from the worker: env: { DRAMATIQ_TESTING: null }');
});

test('D06 a worker on another broker shows where it is connected and what the probe expects', async () =>
  withServer(async port => {
    const { text: failure } = await failureOf({
      'jest.config.js': configFile(`
        ops: { command: ['node', 'worker.mjs'], envFile: 'worker.env', ${quick} ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
      'worker.env': `# the other broker\nBROKER_URL=amqp://guest:guest@127.0.0.1:${port}\n`,
      'worker.mjs': `
        import { connect } from 'node:net';
        connect(new URL(process.env.BROKER_URL).port, '127.0.0.1', () => console.log('connected'));
        setTimeout(() => process.exit(124), 60_000);`,
    });
    expect(failure).toMatch(
      new RegExp(
        `cause: {2}it is connected to 127.0.0.1:${port}, but the probe expects RabbitMQ at \\S+:\\d+`,
      ),
    );
    expect(failure).toContain('BROKER_URL, set in worker.env:2');
  }));

test('D06 a worker that falls back to a default address shows which one', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': scriptWorker(`['node', 'worker.mjs']`),
    'worker.mjs': `import { connect } from 'node:net'; connect(999, '127.0.0.1');`,
  });
  expect(failure).toContain('cause:  nothing listens on 127.0.0.1:999, where the worker wants to connect to');
});

test('D14 a port in use is named with the process that holds it', async () =>
  withServer(async port => {
    const { text: failure } = await failureOf({
      'jest.config.js': scriptWorker(
        `['/usr/bin/python3', 'worker.py']`,
        `env: { METRICS_PORT: '${port}' },`,
      ),
      'worker.py': `import os, socket; socket.socket().bind(('127.0.0.1', int(os.environ['METRICS_PORT'])))`,
    });
    expect(failure).toContain(
      `cause:  port ${port} is in use already (METRICS_PORT, set in the worker's env); it is held by`,
    );
    expect(failure).toContain(`| pid ${process.pid} on port ${port}: `);
  }));
