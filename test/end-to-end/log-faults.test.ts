import { mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const mebibyte = 1024 * 1024;
const anyTest = { 'a.test.js': `test('never runs', () => {});` };

const flooding = (env: string, rest = '') => `
ops: { command: ['node', W + '/flood.mjs'], ready: [log({ pattern: 'ready', stream: 'stderr' })], env: { ${env} }, ${rest} },`;

const trigger = `
const { writeFileSync } = require('node:fs');
const begin = () => writeFileSync(process.cwd() + '/begin', '');
const untilDone = () => eventually(() => expect(liveWorker('ops').logs.text('stderr')).toContain('done'), { timeoutMs: 50_000 });`;

test('a worker that floods its logs in a test is ended, and the test says why', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        flooding(
          `WHEN: 'begin', MEBIBYTES: '600', PAUSE_MS: '100', STUBBORN: '1'`,
          'maxLogBytes: 20_000_000,',
        ),
      ),
      'a.test.js': `${fixtures}${trigger}
      test('floods', async () => { begin(); await new Promise(() => {}); }, 50_000);
      test('afterwards', () => {});`,
    },
    async project => {
      const { code, results } = await project.run();
      expect(code).toBe(1);
      const [floods = '', afterwards] =
        results?.testResults[0]?.assertionResults.map(({ failureMessages }) => failureMessages.join()) ?? [];
      expect(floods).toContain(
        'Worker "ops" was ended during the test "floods": it wrote more than the 20000000 bytes of maxLogBytes',
      );
      expect(floods).toMatch(/cause: {2}its logs have grown by \d{8,9} bytes since it was started/);
      expect(floods).toContain('| xxxxxxxx');
      expect(afterwards).toContain(
        'Worker "ops" is dead since the test "floods": it wrote more than the 20000000 bytes of maxLogBytes',
      );
      const events = project.events().map(({ event }) => event);
      expect(events.indexOf('worker.flooded')).toBeLessThan(events.indexOf('worker.exited'));
      expect(readFileSync(join(project.folder, '.live-worker/latest/a.test.js/ops.stderr.log'), 'utf8')).toBe(
        'ready\n',
      );
    },
  ));

test('a worker that floods its logs before it is ready fails the suite with the same words', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        flooding(`MEBIBYTES: '600', PAUSE_MS: '100'`, 'maxLogBytes: 20_000_000,').replace(
          "'ready'",
          "'never'",
        ),
      ),
      ...anyTest,
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      expect(output).toContain(
        'Worker "ops" was ended while no test ran: it wrote more than the 20000000 bytes of maxLogBytes',
      );
    },
  ));

test('a worker that floods its logs while it stops has no grace left', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        flooding(
          `WHEN: 'begin', MEBIBYTES: '600', PAUSE_MS: '100', STUBBORN: '1'`,
          'maxLogBytes: 20_000_000, stop: { graceMs: 60_000 },',
        ),
      ),
      'a.test.js': `${fixtures}${trigger}
      test('stops', async () => {
        const stopped = liveWorker('ops').stop();
        begin();
        expect(await stopped).toEqual({ code: null, signal: 'SIGKILL' });
      }, 50_000);`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('what a worker wrote before it was started again does not count', async () =>
  withProject(
    {
      'jest.config.js': configFile(flooding(`MEBIBYTES: '15'`, 'maxLogBytes: 20_000_000,')),
      'a.test.js': `${fixtures}${trigger}
      test('again and again', async () => {
        for (let count = 0; count < 3; count += 1) {
          const written = () => liveWorker('ops').logs.text('stderr').match(/done/g);
          await eventually(() => expect(written()).toHaveLength(count + 1), { timeoutMs: 40_000 });
          await liveWorker('ops').restart();
        }
        await new Promise(resolve => setTimeout(resolve, 600));
        expect(liveWorker('ops').state).toBe('ready');
      }, 50_000);`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('FAULT 38: a burst of 500 MB costs Jest no memory, and every reader is bounded and says so', async () =>
  withProject(
    {
      'jest.config.js': configFile(flooding(`WHEN: 'begin', MEBIBYTES: '500'`)),
      'a.test.js': `${fixtures}${trigger}
      const { statSync } = require('node:fs');
      const mebibytes = bytes => Math.round(bytes / ${mebibyte});
      test('the burst', async () => {
        const before = process.memoryUsage.rss();
        let most = before;
        const watch = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 5);
        const nowhere = liveWorker('ops').logs.waitFor('never written', { timeoutMs: 50_000, stream: 'stdout' }).catch(error => error);
        begin();
        await liveWorker('ops').logs.waitFor('done', { stream: 'stderr', timeoutMs: 50_000 });
        clearInterval(watch);
        const text = liveWorker('ops').logs.sinceTestStart('stdout');
        const [note, line] = text.split('\\n', 2);
        const after = process.memoryUsage.rss();
        const { size } = statSync(liveWorker('ops').logs.files.stdout);
        console.log('GROWTH ' + JSON.stringify({ burst: mebibytes(most - before), reading: mebibytes(after - before) }));
        expect({ size, note, line: line.length, length: text.length < 17 * ${mebibyte} }).toEqual({
          size: 500 * ${mebibyte},
          note: '[live-worker: stdout grew by ' + size + ' bytes, of which these are the last ${16 * mebibyte}; the whole is in ' +
            liveWorker('ops').logs.files.stdout + ']',
          line: 1023,
          length: true,
        });
        expect(mebibytes(most - before)).toBeLessThan(150);
        expect(mebibytes(after - before)).toBeLessThan(250);
      }, 60_000);`,
    },
    async project => {
      mkdirSync(join(project.folder, '.live-worker'));
      const { bavail, bsize } = statfsSync(project.folder);
      expect(bavail * bsize).toBeGreaterThan(1500 * mebibyte);
      const { code, output } = await project.run({ args: ['-i'] });
      if (process.env.SHOW_FAILURES) process.stdout.write(output);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('FAULT 40: a log the worker truncates is read from its new beginning, and every reader says so', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
      ops: { command: ['sh', W + '/truncating-log.sh'], env: { WHEN: 'begin' }, echo: true, ready: [log({ pattern: 'ready' })] },`),
      'a.test.js': `${fixtures}${trigger}
      const truncated = /^\\[live-worker: stderr was truncated at \\d\\d:\\d\\d:\\d\\d: at least 22 bytes are lost\\]\\nafter\\n$/;
      test('before', () => expect(liveWorker('ops').logs.text('stderr')).toBe('before the truncation\\n'));
      test('during', async () => {
        begin();
        expect(await liveWorker('ops').logs.waitFor('after')).toBe('after');
        expect(liveWorker('ops').logs.sinceTestStart()).toMatch(truncated);
        expect(liveWorker('ops').logs.text('stderr')).toMatch(truncated);
        const { message } = await caught(liveWorker('ops').logs.waitFor('never', { timeoutMs: 100 }));
        expect(message).toMatch(/stderr was truncated at/);
      });
      test('afterwards', () => expect(liveWorker('ops').logs.sinceTestStart()).toBe(''));
      test('dies', async () => { process.kill(liveWorker('ops').pid, 'SIGKILL'); await new Promise(() => {}); });`,
    },
    async project => {
      const { output, results } = await project.run();
      const statuses = results?.testResults[0]?.assertionResults.map(({ status }) => status);
      expect({ statuses, output }).toMatchObject({ statuses: ['passed', 'passed', 'passed', 'failed'] });
      expect(output).toMatch(/note: {4}stderr was truncated at \d\d:\d\d:\d\d/);
      expect(output).toMatch(/\[ops\] \(stderr was truncated at [^\n]*\)\n\[ops\] after\n/);
      expect(project.events().filter(({ event }) => event === 'log.fault')).toEqual([
        expect.objectContaining({ worker: 'ops', what: expect.stringContaining('stderr was truncated') }),
      ]);
    },
  ));

test('FAULT 40: a log that is deleted or renamed is read on, and its fate is told', async () =>
  withProject(
    {
      'jest.config.js': configFile(flooding(`WHEN: 'begin', MEBIBYTES: '1'`)),
      'a.test.js': `${fixtures}${trigger}
      const { renameSync, rmSync } = require('node:fs');
      test('dies', async () => {
        const { stdout, stderr } = liveWorker('ops').logs.files;
        renameSync(stdout, stdout + '.1');
        rmSync(stderr);
        begin();
        await liveWorker('ops').logs.waitFor('done', { stream: 'stderr' });
        expect(liveWorker('ops').logs.sinceTestStart('stdout')).toHaveLength(${mebibyte});
        process.kill(liveWorker('ops').pid, 'SIGKILL');
        await new Promise(() => {});
      });`,
    },
    async project => {
      const { output } = await project.run();
      expect(output).toContain('Worker "ops" was killed by SIGKILL during the test "dies"');
      expect(output).toMatch(/note: {4}stdout: [^\n]*ops\.stdout\.log was renamed/);
      expect(output).toMatch(/note: {4}stderr: [^\n]*ops\.stderr\.log was deleted/);
    },
  ));
