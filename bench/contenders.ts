import { join } from 'node:path';

/** What one way to run tests on a live worker is told of a run. */
interface Setting {
  /** Shell words that start the worker. */
  readonly worker: string;
  /** Where the worker answers when it consumes; one for each worker. */
  readonly ports: readonly number[];
  readonly queue: string;
}

/** One way to run tests on a live worker. */
export interface Contender {
  readonly name: string;
  readonly runner: 'jest' | 'playwright' | 'none';
  /** The files of its project beside the tests. */
  files(setting: Setting): Readonly<Record<string, string>>;
  /** The command that runs the tests, from the folder of the project. */
  command(setting: Setting): readonly string[];
}

const modules = join(__dirname, 'node_modules');
const jest = [process.execPath, join(__dirname, '..', 'node_modules/jest/bin/jest.js'), '-i'];
const plain = { transform: {}, testEnvironment: 'node' };

interface OurSettings {
  /** Beside `workers`. */
  readonly options?: object;
  /** Of each worker. */
  readonly worker?: object;
  readonly hasReporter?: boolean;
}

/** This package, with these settings. */
export function oursWith(name: string, { options, worker, hasReporter }: OurSettings = {}): Contender {
  const reporters = { reporters: ['default', 'jest-environment-live-worker/reporter'] };
  return {
    name,
    runner: 'jest',
    files: setting => ({
      'jest.config.js': configOf({
        transform: {},
        testEnvironment: 'live-worker',
        ...(hasReporter ? reporters : {}),
        testEnvironmentOptions: { liveWorker: { ...options, workers: workersOf(setting, worker) } },
      }),
    }),
    command: () => jest,
  };
}

function workersOf({ worker, ports, queue }: Setting, settings: object = {}): object {
  const workers = ports.map((port, index) => ({
    command: worker.split(' '),
    env: { PORT: String(port), QUEUE: queueOf(queue, index) },
    ready: [{ kind: 'rabbitmq', queues: [queueOf(queue, index)] }],
    ...settings,
  }));
  return Object.fromEntries(workers.map((each, index) => [`w${index}`, each]));
}

export const ours = oursWith('jest-environment-live-worker');

/** Jest alone. */
export const jestNode: Contender = {
  name: 'jest-environment-node',
  runner: 'jest',
  files: () => ({ 'jest.config.js': configOf(plain) }),
  command: () => jest,
};

export const jestDevServer: Contender = {
  name: 'jest-dev-server',
  runner: 'jest',
  files: ({ worker, ports, queue }) => ({
    'jest.config.js': configOf({ ...plain, globalSetup: './setup.js', globalTeardown: './teardown.js' }),
    'setup.js': `
const { setup } = require('${join(modules, 'jest-dev-server')}');
module.exports = async () => {
  globalThis.servers = await setup(${JSON.stringify(
    ports.map((port, index) => ({
      command: `PORT=${port} QUEUE=${queueOf(queue, index)} ${worker}`,
      host: '127.0.0.1',
      port,
      usedPortAction: 'error',
    })),
  )});
};`,
    'teardown.js': `
const { teardown } = require('${join(modules, 'jest-dev-server')}');
module.exports = () => teardown(globalThis.servers);`,
  }),
  command: () => jest,
};

const playwright: Contender = {
  name: "Playwright's webServer",
  runner: 'playwright',
  files: ({ worker, ports, queue }) => ({
    'playwright.config.js': configOf({
      testMatch: /.*\.test\.js/.source,
      workers: 1,
      reporter: 'line',
      outputDir: './results',
      timeout: 5_000,
      webServer: ports.map((port, index) => ({
        command: worker,
        url: `http://127.0.0.1:${port}`,
        env: { PORT: String(port), QUEUE: queueOf(queue, index) },
        stdout: 'pipe',
      })),
    }).replace('".*\\\\.test\\\\.js"', '/.*\\.test\\.js/'),
  }),
  command: () => [process.execPath, join(modules, '@playwright/test/cli.js'), 'test'],
};

const startServerAndTest: Contender = {
  name: 'start-server-and-test',
  runner: 'jest',
  files: ({ ports, queue }) => ({
    'jest.config.js': configOf(plain),
    '.env': '',
    'port.txt': `${ports[0]} ${queue}`,
  }),
  command: ({ worker, ports, queue }) => [
    process.execPath,
    join(modules, 'start-server-and-test/src/bin/start.js'),
    `PORT=${ports[0]} QUEUE=${queue} ${worker}`,
    `http-get://127.0.0.1:${ports[0]}`,
    jest.join(' '),
  ],
};

const sleep: Contender = {
  name: 'spawn and sleep 2 s',
  runner: 'jest',
  files: ({ worker, ports, queue }) => ({
    'jest.config.js': configOf({ ...plain, globalSetup: './setup.js', globalTeardown: './teardown.js' }),
    'setup.js': `
const { spawn } = require('node:child_process');
module.exports = async () => {
  const [file, ...args] = ${JSON.stringify(worker)}.split(' ');
  const env = { ...process.env, PORT: '${ports[0]}', QUEUE: '${queue}' };
  globalThis.worker = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', data => process.stdout.write(data));
  await new Promise(resolve => setTimeout(resolve, 2_000));
};`,
    'teardown.js': `module.exports = async () => { globalThis.worker.kill(); };`,
  }),
  command: () => jest,
};

export const contenders: readonly Contender[] = [ours, jestDevServer, playwright, startServerAndTest, sleep];

function queueOf(queue: string, index: number): string {
  return index === 0 ? queue : `${queue}-${index}`;
}

function configOf(config: object): string {
  return `module.exports = ${JSON.stringify(config, null, 2)};\n`;
}
