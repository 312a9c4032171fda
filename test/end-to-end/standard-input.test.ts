import { configFile } from './harness/config-file.ts';
import { failureOf, failuresOf } from './harness/failure-of.ts';
import { processesOf, untilGone, withProject } from './harness/project.ts';
import { runCommand } from './harness/start-command.ts';

jest.setTimeout(60_000);

/** Ends when its input does, otherwise after a minute; it is ready only once it has had the time to see the end. */
const readsInput = `
process.stdin.resume().on('end', () => process.exit(0));
setTimeout(() => console.log('consuming'), 300);
setTimeout(() => process.exit(124), 60_000);`;

const quietReader = `command: ['node', 'reader.js'], ready: [log({ pattern: 'consuming' })], stop: { graceMs: 5000 },`;

test('a worker that ends with its standard input, without a word, is told of stdin', async () => {
  const { text } = await failureOf({
    'jest.config.js': configFile(`ops: { ${quietReader} },`),
    'reader.js': readsInput,
  });
  expect(text).toContain('it exited with code 0 before it was ready');
  expect(text).toContain(
    'cause:  it ended without a word: it had nothing to do, or it ends when its standard input does, which is empty',
  );
  expect(text).toContain("change: set stdin: 'pipe' on the worker");
});

test("stdin: 'pipe' stays open as long as the worker lives, over restarts, and not a moment longer", async () =>
  withProject(
    {
      'jest.config.js': configFile(`ops: { ${quietReader} stdin: 'pipe' },`),
      'reader.js': readsInput,
      'a.test.js': `
      const { liveWorker, eventually } = require('jest-environment-live-worker/fixtures');
      const ops = liveWorker('ops');
      test('lives', () => expect(ops.state).toBe('ready'));
      test('lives again', async () => {
        const { pid } = ops;
        await ops.restart();
        expect([ops.state, ops.pid === pid]).toEqual(['ready', false]);
      });
      test('holds', async () => {
        if (!process.env.HOLD) return;
        process.stderr.write('HOLDING\\n');
        await new Promise(resolve => setTimeout(resolve, 30_000));
      }, 40_000);`,
    },
    async project => {
      const { code, results } = await project.run({ args: ['-i'] });
      expect({ code, passed: results?.numPassedTests }).toEqual({ code: 0, passed: 3 });
      expect(processesOf(project.id)).toEqual([]);
      const run = await runCommand(project, ['run', 'ops', '--ready-only']);
      expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 0 });
      const jest = project.start({ args: ['-i'], env: { HOLD: '1' } });
      await jest.untilOutput('HOLDING');
      jest.child.kill('SIGKILL');
      await jest.ended;
      await untilGone(() => processesOf(project.id));
    },
  ));

const perl = (begin: string) => `perl -e '${begin} print "consuming\\\\n"; sleep 60'`;

test('an output that a program keeps in its buffer is told from one that is not there', async () => {
  const failures = await failuresOf(
    {
      perl: `command: ['perl', '-e', 'print "consuming\\\\n"; sleep 60'],`,
      wrapped: `shell: true, command: \`${perl('')}; true\`,`,
    },
    {},
  );
  for (const name of ['perl', 'wrapped'])
    expect(failures[name]?.text).toMatch(
      /cause: {2}nothing came on stdout: perl may keep its lines in a buffer, because its output is a file; or it hangs\n +change: write \$\| = 1; at the beginning of the Perl program\n/,
    );
});

test('what is told to change makes the line come at once', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        perl: { shell: true, command: \`${perl('$| = 1;')}\`, ready: [log({ pattern: 'consuming' })] },
        awk: { shell: true, command: \`awk 'BEGIN { print "consuming"; fflush(); system("exec sleep 60") }'\`, ready: [log({ pattern: 'consuming' })] },
        native: { shell: true, command: '(echo consuming; exec sleep 60) | exec stdbuf -oL tr a a', ready: [log({ pattern: 'consuming' })] },
      `),
      'a.test.js': "test('is there', () => {});",
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));
