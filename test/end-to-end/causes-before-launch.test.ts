import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { failedRun, failureOf, failuresOf, quick, withServer } from './harness/failure-of.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

/** Generous: nothing here waits for anything, but the machine may be busy. */
const soonMs = 5_000;

test('D01 a handle for a worker the file does not have names those there are, and how to choose one', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },
        api: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },`),
      'a.test.js': `/** @live-worker api */ ${fixtures}
        test('asks for ops', () => { liveWorker('ops'); });`,
      'b.test.js': `/** @live-worker none */ ${fixtures}
        test('asks for opps', () => { liveWorker('opps'); });`,
    },
    async project => {
      const { text, output, elapsedMs } = await failedRun(project, 'a.test.js', { args: ['-i'] });
      expect(text).toContain('[WORKER_UNKNOWN]: This test file has no worker "ops": it has "api"');
      expect(text).toContain(
        `The configuration defines "ops", "api": choose "ops" by the pragma "@live-worker ops" in the file's first comment`,
      );
      expect(text).toMatch(/> \d \|.*liveWorker\('ops'\)/);
      expect(elapsedMs('test.started', 'test.ended')).toBeLessThan(soonMs);
      expect(output).toContain('This test file has no worker "opps": it has none');
      expect(output).toContain('The configuration defines "ops", "api", did you mean "ops"?');
    },
  ));

test('D02 D07 D08 D23, FAULT 28: what keeps a worker from being launched is named before anything is started', async () => {
  const failures = await failuresOf(
    {
      path: `command: ['.tox/py/bin/python', 'worker.py'], cwd: 'services'`,
      envfile: `command: ['node', 'worker.js'], envFile: '.env.test'`,
      envline: `command: ['node', 'worker.js'], envFile: 'broken.env'`,
      cwd: `command: ['node', 'worker.js'], cwd: 'services/opps'`,
      mode: `command: ['./not-executable']`,
      crlf: `command: ['./crlf']`,
      shebang: `command: ['./no-interpreter']`,
      arm: `command: ['./other-machine']`,
      probe: `command: ['node', 'worker.js'], ready: [probes.module('./probes/wram.js')]`,
    },
    {
      'services/ops/.tox/py/bin/python': '',
      'services/.env.test': 'A=1\n',
      'broken.env': 'RABBITMQ_URL=amqp://localhost\r\nDATABASE_URL postgres://me:hunter2@localhost/db\r\n',
      'not-executable': '#!/bin/sh\n',
      crlf: '#!/bin/sh\r\necho hello\r\n',
      'no-interpreter': '#!/opt/no/such/python\n',
      'other-machine': '',
      'probes/warm.js': 'module.exports = () => ({ kind: "ready" });',
    },
    {
      prepare({ folder }) {
        for (const name of ['crlf', 'no-interpreter', 'other-machine']) chmodSync(join(folder, name), 0o755);
        makeForeign(join(folder, 'other-machine'));
      },
    },
  );
  for (const { text, events, elapsedMs } of Object.values(failures)) {
    expect({ text, events }).toEqual({ text, events: expect.not.arrayContaining(['worker.spawned']) });
    expect(elapsedMs('session.opened', 'session.closed')).toBeLessThan(soonMs);
  }
  const expected: Readonly<Record<string, readonly string[]>> = {
    path: [
      '[EXECUTABLE_NOT_FOUND]: Cannot launch worker "path": ".tox/py/bin/python" was not found',
      '"<project>/services/.tox/py/bin/python"\n',
      '"<project>/.tox/py/bin/python"\n',
      '"<project>/services/ops/.tox/py/bin/python" exists',
      'Set the first word of workers.path.command to "ops/.tox/py/bin/python"',
    ],
    envfile: [
      '[ENV_FILE_INVALID]: Cannot launch worker "envfile": env file ".env.test" does not exist',
      '"<project>/.env.test", resolved from cwd "<project>"',
      'Set workers.envfile.envFile to "services/.env.test"',
    ],
    envline: [
      '[ENV_FILE_INVALID]: Cannot launch worker "envline"',
      'broken.env", line 2: no assignment NAME=value',
    ],
    cwd: [
      '[CWD_UNUSABLE]: Cannot launch worker "cwd": its working directory "services/opps" does not exist',
      '"<project>/services/opps", resolved from rootDir "<project>"',
      'Set workers.cwd.cwd to "services/ops"',
    ],
    mode: ['[EXECUTABLE_UNUSABLE]', 'not-executable', 'chmod +x'],
    crlf: ['[EXECUTABLE_UNUSABLE]', 'has a first line that ends in CRLF', 'dos2unix'],
    shebang: ['[EXECUTABLE_UNUSABLE]', 'has the interpreter "/opt/no/such/python" in its first line'],
    arm: ['[EXECUTABLE_UNUSABLE]', 'other-machine', 'is built for S/390 (64 bits), and this machine is'],
    probe: [
      '[OPTIONS_INVALID]: Cannot launch worker "probe": its probe module "./probes/wram.js" does not exist',
      '"<project>/probes/wram.js", resolved from rootDir "<project>"',
      'Set workers.probe.ready[0].path to "./probes/warm.js"',
    ],
  };
  for (const [name, parts] of Object.entries(expected)) {
    for (const part of parts) expect(failures[name]?.text).toContain(part);
  }
  expect(failures.envline?.text).not.toContain('hunter2');
});

test('D06 a broker variable that is set nowhere is named before the launch, and what is set instead', async () => {
  const { text, events, elapsedMs } = await failureOf({
    'jest.config.js': configFile(`
      ops: { command: ['node', W + '/never-ready.mjs'], envFile: 'worker.env', env: { RABBITMQ_URL: null }, ${quick}
        ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
    'worker.env': 'BROKER=amqp://guest:guest@127.0.0.1:5999\n',
  });
  expect(text).toContain(
    "[ENV_MISSING]: Cannot tell which server workers.ops.ready[0] is about: the worker's",
  );
  expect(text).toContain('environment has none of RABBITMQ_URL, AMQP_URL, CLOUDAMQP_URL');
  expect(text).toContain("It has BROKER: give workers.ops.ready[0].url as '${BROKER}'");
  expect(events).not.toContain('worker.spawned');
  expect(elapsedMs('session.opened', 'session.closed')).toBeLessThan(soonMs);
});

test.each([
  ['tcp', (port: number) => `tcp({ port: ${port} })`],
  ['http', (port: number) => `http({ url: 'http://127.0.0.1:${port}/health' })`],
])(
  'D14 somebody who listens already where a %s probe will ask is named, and satisfies nobody',
  (_kind, probe) =>
    withServer(async port => {
      const { text, events, elapsedMs } = await failureOf({
        'jest.config.js': configFile(
          `ops: { command: ['node', W + '/never-ready.mjs'], ${quick} ready: [${probe(port)}] },`,
        ),
      });
      expect(text).toContain(
        `[STRANGERS_ON_PORT]: Cannot start worker "ops": a process listens on 127.0.0.1:${port} already`,
      );
      expect(text).toMatch(new RegExp(`cause: {2}the port is held by\\n +\\| pid ${process.pid}, for \\d+`));
      expect(text).toContain('change: stop the other process, or give the worker a free port');
      expect(events).not.toContain('worker.spawned');
      expect(elapsedMs('session.opened', 'session.closed')).toBeLessThan(10_000);
    }),
);

test('D14 strangers: "ignore" is for a server that is meant to be there, "warn" says who', () =>
  withServer(port =>
    withProject(
      {
        'jest.config.js': configFile(`
          cache: { command: ['node', W + '/never-ready.mjs'], ready: [tcp({ port: ${port}, strangers: 'ignore' })] },
          api: { command: ['node', W + '/never-ready.mjs'], ready: [tcp({ port: ${port}, strangers: 'warn' })] },`),
        'a.test.js': `test('runs', () => {});`,
      },
      async project => {
        const { code, output } = await project.run();
        expect({ code, output }).toEqual({
          code: 0,
          output: expect.stringContaining(
            `live-worker: api: a process listens on 127.0.0.1:${port} already and would answer its probe`,
          ),
        });
        expect(output).not.toContain('live-worker: cache:');
      },
    ),
  ));

/** A program of this kernel for a machine nobody tests on: an ELF header that names IBM S/390. */
function makeForeign(path: string): void {
  const program = Buffer.from(readFileSync(process.execPath).subarray(0, 4_096));
  program.writeUInt16LE(22, 18);
  writeFileSync(path, program, { mode: 0o755 });
}
