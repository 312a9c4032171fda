import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { configFile } from './harness/config-file.ts';
import { failureOf, failuresOf, quick } from './harness/failure-of.ts';
import { processesOf, untilGone, withProject } from './harness/project.ts';

jest.setTimeout(90_000);

/** From a worker's end to the failure, generous for a busy machine. */
const soonMs = 3_000;

test('D03 D21 what a worker says right before its end is turned into its cause', async () => {
  const failures = await failuresOf(
    {
      esm: `command: ['node', '--no-experimental-require-module', 'requires-esm.cjs']`,
      format: `command: ['node', 'import.cjs']`,
      option: `command: ['node', '--no-such-option', 'import.cjs']`,
      absent: `command: ['sh', '-c', 'exec no-such-program']`,
      mode: `command: ['sh', '-c', './not-executable']`,
      library: `command: ['/usr/bin/python3', 'library.py']`,
      symbol: `command: ['/usr/bin/python3', 'symbol.py']`,
      variable: `command: ['/usr/bin/python3', 'variable.py'], env: { OPS_TOKEN_FILE: null }`,
      table: `command: ['/usr/bin/python3', 'table.py']`,
      npm: `command: ['node', 'engine.js']`,
      unknown: `command: ['node', 'unknown.js'], env: { API_TOKEN: 'hunter2-hunter2' }`,
    },
    {
      'requires-esm.cjs': `require('./module.mjs');`,
      'module.mjs': 'export const answer = 42;',
      'import.cjs': `import { answer } from './module.mjs';`,
      'not-executable': '#!/bin/sh\n',
      'library.py': `import ctypes\nctypes.CDLL('libops_core.so.3')`,
      'symbol.py': `from json import no_such_name`,
      'variable.py': `import os\nprint(os.environ['OPS_TOKEN_FILE'])`,
      'table.py': `raise RuntimeError('relation "task" does not exist')`,
      'engine.js': `console.error('This tool requires Node.js v99.1 or later'); process.exit(1);`,
      'unknown.js': `console.log('out ' + process.env.API_TOKEN); console.error('lost: hunter2-hunter2'); process.exit(9);`,
    },
    { prepare: ({ folder }) => chmodSync(join(folder, 'not-executable'), 0o644) },
  );
  const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
    esm: [
      'cause:  Node took a file for the wrong kind of module: require() of ES Module <project>/module.mjs',
    ],
    format: [
      'cause:  Node took a file for the wrong kind of module: Cannot use import statement outside a module',
      'change: name it .mjs or .cjs',
    ],
    option: [/cause: {2}its Node is the wrong version: \S*node: bad option: --no-such-option; it ran as \//],
    absent: [
      /it exited with code 127 before it was ready\n +cause: {2}code 127 is what a shell answers when it finds no such program: .*no-such-program: not found\n/,
      'change: name it by its path, or add its folder to PATH',
    ],
    mode: [
      /cause: {2}code 126 is what a shell answers when it cannot execute a program: .*Permission denied\n/,
      'change: chmod +x it',
    ],
    library: [
      'cause:  the shared library libops_core.so.3 is not installed, or not where the loader looks',
      'change: install the system package',
    ],
    symbol: [
      /cause: {2}Python could not import: cannot import name 'no_such_name' from 'json' \(.*; it ran as \/usr/,
    ],
    variable: [
      'cause:  the worker reads OPS_TOKEN_FILE, which is not in its environment',
      "change: set OPS_TOKEN_FILE in the worker's env or env file",
    ],
    table: [
      'cause:  relation "task" does not exist in the database',
      'change: run the migrations on that database',
    ],
    npm: ['cause:  its Node is the wrong version: requires Node.js v99.1 or later'],
    unknown: [
      /it exited with code 9 before it was ready\n +waited for: output holds "consuming"\n/,
      'stderr, last lines:\n      | lost: ***\n    stdout, last lines:\n      | out ***\n    command: ',
    ],
  };
  for (const [name, parts] of Object.entries(expected)) {
    const { text = '', elapsedMs } = failures[name] ?? {};
    expect(text).toContain('[EXITED_BEFORE_READY]');
    for (const part of parts) {
      if (typeof part === 'string') expect(text).toContain(part);
      else expect(text).toMatch(part);
    }
    expect(elapsedMs?.('worker.exited', 'worker.failed')).toBeLessThan(soonMs);
  }
  expect(failures.unknown?.text).not.toContain('cause:');
  expect(failures.unknown?.text).not.toContain('hunter2');
});

test('a stack trace longer than what is shown does not hide the line that names the error', async () => {
  const { text } = await failureOf({
    'jest.config.js': configFile(
      `ops: { command: ['node', 'worker.js'], ${quick} ready: [log({ pattern: 'consuming' })] },`,
    ),
    'worker.js': `
      const fail = depth => { if (depth === 0) throw new RangeError('the settings are from last year'); fail(depth - 1); };
      fail(20);`,
  });
  expect(text).toMatch(
    /stderr, last lines:\n(?: +\| .*\n){3} +\| RangeError: the settings are from last year\n +\| +at fail \(.*:2:54\)\n(?: +\| +at fail .*\n){3} +\| …\n +\| Node\.js v.*\n +stdout/,
  );
  expect(text).toMatch(/\| Node\.js v\d+/);
});

test('D10, FAULT 36: what Python wrote without a flush is there when it is killed', async () => {
  const { text } = await failureOf({
    'jest.config.js': configFile(`
      ops: { command: ['/usr/bin/python3', 'worker.py'], cwd: 'service', ${quick} ready: [log({ pattern: 'consuming' })] },`),
    'service/worker.py': `import os, signal\nprint('the last thing it did')\nos.kill(os.getpid(), signal.SIGKILL)`,
  });
  expect(text).toContain('stdout, last lines:\n      | the last thing it did\n');
  expect(text).toMatch(/logs: {4}<project>\/\.live-worker\/\S+\/a\.test\.js\/ops\.stderr\.log\n/);
});

test('D10 what a worker wrote is there when Jest is killed', () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['/usr/bin/python3', 'worker.py'], ready: [log({ pattern: 'consuming' })] },`),
      'worker.py': `import signal\nsignal.alarm(60)\nprint('consuming')\nsignal.pause()`,
      'a.test.js': `test('waits', async () => { process.stderr.write('IN THE TEST\\n'); await new Promise(() => {}); }, 60_000);`,
    },
    async project => {
      const { child, ended, untilOutput } = project.start();
      await untilOutput('IN THE TEST');
      child.kill('SIGKILL');
      await ended;
      expect(project.record('a.test.js', 'ops.stdout.log')).toBe('consuming\n');
      await untilGone(() => processesOf(project.id));
    },
  ));

test('D24 the shell between reports that its program was killed', async () => {
  const { text, elapsedMs } = await failureOf({
    'jest.config.js': configFile(`
      ops: { command: "sh -c 'kill -9 $$'; exit $?", shell: true, ${quick} ready: [log({ pattern: 'consuming' })] },`),
  });
  expect(text).toContain('it exited with code 137 before it was ready');
  expect(text).toMatch(
    /cause: {2}code 137 is what a shell answers when its program was killed by SIGKILL, which live-worker did not send; the kernel's out-of-memory counter of (?:this machine|its control group) did not rise/,
  );
  expect(elapsedMs('worker.exited', 'worker.failed')).toBeLessThan(soonMs);
});
