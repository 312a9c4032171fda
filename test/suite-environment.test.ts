import { join } from 'node:path';
import { repository } from './end-to-end/harness/folders.ts';
import { processesOf, untilGone, withProject } from './end-to-end/harness/project.ts';

jest.setTimeout(60_000);

const config = `module.exports = {
  testEnvironment: ${JSON.stringify(join(repository, 'test', 'suite-environment.ts'))},
  transform: { '\\\\.ts$': [${JSON.stringify(join(repository, 'node_modules', '@swc', 'jest'))},
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }] },
};`;

test('a test file that leaves a process alive fails and names it', async () =>
  withProject(
    {
      'jest.config.js': config,
      'leaks.test.js': `test('passes', () => {
        require('node:child_process').spawn('sleep', ['20'], { detached: true, stdio: 'ignore' }).unref();
      });`,
      'cleans.test.js': `test('passes', done => {
        require('node:child_process').spawn('sleep', ['0.1'], { stdio: 'ignore' }).once('exit', () => done());
      });`,
    },
    async project => {
      const { code, output } = await project.run();
      for (const line of processesOf(project.id)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
      await untilGone(() => processesOf(project.id));
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringMatching(/left processes alive:\s+pid \d+: sleep 20/),
      });
      expect(output).toContain('PASS ./cleans.test.js');
    },
  ));
