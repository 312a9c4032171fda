import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFile } from './end-to-end/harness/config-file.ts';
import { repository } from './end-to-end/harness/folders.ts';
import { processesOf, withProject } from './end-to-end/harness/project.ts';
import { runCommand } from './end-to-end/harness/start-command.ts';

jest.setTimeout(60_000);

const config = `module.exports = {
  testEnvironment: ${JSON.stringify(join(repository, 'test', 'suite-environment.ts'))},
  transform: { '\\\\.ts$': [${JSON.stringify(join(repository, 'node_modules', '@swc', 'jest'))},
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }] },
};`;

const leaks = `require('node:child_process').spawn('sleep', ['20'], { detached: true, stdio: 'ignore' }).unref();`;

test('a test file that leaves a process alive fails, names it, and keeps the result of each test', async () =>
  withProject(
    {
      'jest.config.js': config,
      'leaks.test.js': `
        test('passes', () => {});
        test('fails', () => { throw new Error('of its own'); });
        test('comes last', () => { ${leaks} });
        test.skip('is skipped', () => {});`,
      'cleans.test.js': `test('passes', done => {
        require('node:child_process').spawn('sleep', ['0.1'], { stdio: 'ignore' }).once('exit', () => done());
      });`,
    },
    async project => {
      const { code, results, output } = await project.run();
      expect(processesOf(project.id)).toEqual([]);
      const outcomes = results?.testResults
        .filter(({ name }) => name.endsWith('leaks.test.js'))
        .flatMap(({ assertionResults }) =>
          assertionResults.map(({ fullName, status }) => [fullName, status]),
        );
      expect({ code, outcomes }).toEqual({
        code: 1,
        outcomes: [
          ['passes', 'passed'],
          ['fails', 'failed'],
          ['comes last', 'failed'],
          ['is skipped', 'pending'],
        ],
      });
      expect(output).toMatch(/● comes last\s+This file left processes alive:\s+pid \d+: sleep 20/);
      expect(output).toMatch(/● fails\s+of its own/);
      expect(output).toContain('PASS ./cleans.test.js');
    },
  ));

test.each([
  ['that has no test to blame', `test.skip('is skipped', () => {}); ${leaks}`],
  ['that cannot be loaded', `${leaks} throw new Error('of its own');`],
])('a file %s fails too and the process is named', async (_, testFile) =>
  withProject({ 'jest.config.js': config, 'leaks.test.js': testFile }, async project => {
    const { code, output } = await project.run();
    expect(processesOf(project.id)).toEqual([]);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/left processes alive:\s+pid \d+: sleep 20/),
    });
  }),
);

test('a Jest of the suite needs no cache in the temporary folder, where another user may have left one', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [probes.module('./probe.ts')] },`,
        { jest: `transform: { '\\\\.ts$': [process.env.SWC] },` },
      ),
      'probe.ts': `export default () => ({ kind: 'ready' } as const);`,
      'a.test.js': `test('passes', () => {});`,
      'tmp/.keep': '',
    },
    async project => {
      const TMPDIR = join(project.folder, 'tmp');
      const uid = (process.getuid?.() ?? 0).toString(36);
      writeFileSync(join(TMPDIR, `jest_${uid}`), 'in the way');
      const env = { TMPDIR, SWC: join(repository, 'node_modules', '@swc', 'jest') };
      const { code, output } = await project.run({ env });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      const command = await runCommand(project, ['run', 'ops', '--ready-only'], { env });
      expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
        code: 0,
        stderr: '',
      });
    },
  ));
