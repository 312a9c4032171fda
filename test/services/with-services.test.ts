import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { repository } from '../end-to-end/harness/folders.ts';
import { runToEnd } from './run-to-end.ts';

jest.setTimeout(30_000);

const command = ['-r', 'esbuild-register', 'test/services/with-services.ts'];
const found = { LIVE_WORKER_SERVICES: 'found' };

function withServices(words: readonly string[], environment: Record<string, string> = {}) {
  const options = { cwd: repository, environment: { ...found, ...environment } };
  return runToEnd(process.execPath, [...command, ...words], options);
}

/** Its command ends with our end of its standard input. */
function startWithServices(words: readonly string[]) {
  const child = spawn(process.execPath, [...command, ...words], {
    cwd: repository,
    env: { ...process.env, ...found },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  started.push(child);
  return child;
}

const started: ChildProcessByStdio<Writable, Readable, null>[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.stdin.end();
});

async function hasDatabase(name: string): Promise<boolean> {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  await client.end();
  return rowCount === 1;
}

test('with-services hands out every variable', async () => {
  const print =
    'const { RABBITMQ_URL, DATABASE_URL, LIVE_WORKER_TEST_VENV, REDIS_URL, NATS_URL, LIVE_WORKER_TEST_BROWSER } = process.env;';
  const words = [
    '--',
    'node',
    '-e',
    `${print} console.log(RABBITMQ_URL, DATABASE_URL, LIVE_WORKER_TEST_VENV, REDIS_URL, NATS_URL, LIVE_WORKER_TEST_BROWSER)`,
  ];
  const { output } = await withServices(words);
  expect(output).toMatch(/^amqps?:\S+ postgres\S+\/live_worker_test_\w+ \/\S+ redis:\S+ nats:\S+ \/\S+$/m);
});

test('with-services drops its database', async () => {
  const { output } = await withServices(['--need', 'postgres', '--', 'node', '-e', '']);
  const [, name = ''] = /dropped database (\w+)/.exec(output) ?? [];
  expect(name).toMatch(/^live_worker_test_/);
  expect(await hasDatabase(name)).toBe(false);
});

test("with-services ends with the command's exit code", async () => {
  const child = startWithServices(['--need', 'rabbitmq', '--', 'node', '-e', 'process.exit(7)']);
  expect(await once(child, 'exit')).toEqual([7, null]);
});

test('with-services refuses a given URL that does not answer, without its password', async () => {
  const url = 'amqp://me:sesame@127.0.0.1:1';
  const { succeeded, output } = await withServices(['--need', 'rabbitmq', '--', 'node'], {
    RABBITMQ_URL: url,
  });
  expect(succeeded).toBe(false);
  expect(output).toContain(
    'Cannot use RABBITMQ_URL amqp://me:***@127.0.0.1:1: it answered "nothing listens on 127.0.0.1:1',
  );
  expect(output).not.toContain('sesame');
});

test('with-services names the command that would install what is missing', async () => {
  const environment = { LIVE_WORKER_SERVICES: 'docker', DOCKER_HOST: 'unix:///nonexistent' };
  const { output } = await withServices(['--need', 'rabbitmq', '--', 'node'], environment);
  expect(output).toMatch(/Cannot provide RabbitMQ:\n {2}docker: .*\nInstall it and run this again: \w+/);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('with-services leaves no database after %s', async signalName => {
  const print = "console.log(process.env.DATABASE_URL.split('/').pop()); process.stdin.resume()";
  const child = startWithServices(['--need', 'postgres', '--', 'node', '-e', print]);
  const [name] = await once(createInterface({ input: child.stdout }), 'line');
  expect(await hasDatabase(name)).toBe(true);
  child.kill(signalName);
  while (await hasDatabase(name)) await sleep(20);
});
