import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readReport } from '../../src/report/merge/read-report.ts';
import { fixtures } from './harness/config-file.ts';
import { plant } from './harness/planted-secrets.ts';
import { type Project, type ProjectFiles, withProject } from './harness/project.ts';
import { startCommand } from './harness/start-command.ts';

jest.setTimeout(120_000);

/** Two workers: one takes messages and writes what they say, the other ends in the middle of a test. */
const config = (reporter = `'jest-environment-live-worker/reporter'`) => `
const { log, rabbitmq, defineLiveWorkers } = require('jest-environment-live-worker/config');
const { WORKERS_DIR: W, TASK_QUEUE } = process.env;
module.exports = {
  testEnvironment: 'live-worker',
  transform: {},
  reporters: ['default', ${reporter}],
  testEnvironmentOptions: defineLiveWorkers({ workers: {
    ops: { command: ['node', W + '/scripted.mjs'], env: { TASK_QUEUE }, envFile: '.env', ready: [rabbitmq({ queues: [TASK_QUEUE] })] },
    mailer: { command: ['node', 'mailer.js'], ready: [log({ pattern: 'ready' })] },
  } }),
};`;
const stuck = (secret: string) => `/** @live-worker ops */ ${fixtures}
const lines = ['parcel 2 received', ${JSON.stringify(`token ${secret}`)}, 'waiting for the lock of parcel 2'];
test('a parcel is sent', async () => {
  await rabbitmq().publish(TASK_QUEUE, { lines, stuck: true });
  await liveWorker('ops').logs.waitFor(lines[2]);
  await new Promise(() => {});
}, 2_000);`;
const mailer = `
console.log('ready');
setInterval(() => {
  if (!require('node:fs').existsSync('end')) return;
  console.error('the mail server is gone');
  process.exit(3);
}, 5);
setTimeout(() => process.exit(124), 60_000);`;
const dying = `/** @live-worker mailer */
test('a mail is sent', () => {
  require('node:fs').writeFileSync('end', '');
  return new Promise(() => {});
}, 20_000);`;
const files = (secret: string): ProjectFiles => ({
  'jest.config.js': config(),
  '.env': `API_TOKEN='${secret}'\n`,
  'a.test.js': stuck(secret),
  'b.test.js': dying,
  'mailer.js': mailer,
});

const latest = ({ folder }: Project) => join(folder, '.live-worker', 'latest', 'report.html');
const failingRun = async (
  project: Project,
  args: readonly string[] = ['-w', '2'],
  env: Readonly<Record<string, string>> = {},
) => {
  const { code, output } = await project.run({ args, env });
  expect(code).toBe(1);
  return stripVTControlCharacters(output);
};

test('D16: the report of a run whose handler is stuck names the cause; the failing output leads to it', async () => {
  const secret = plant('token');
  await withProject(files(secret), async project => {
    const summaryPath = join(project.folder, 'summary.md');
    const output = await failingRun(project, ['-w', '2'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summaryPath,
      GITHUB_WORKSPACE: project.folder,
    });
    const [, path = ''] = /^ {4}report: (\/.*\/report\.html)#test=a\.test\.js:1$/m.exec(output) ?? [];
    expect(existsSync(path)).toBe(true);
    expect(output).toMatch(/^live-worker: 2 workers started, test files waited .* for workers$/m);
    expect(output).toMatch(/^live-worker: report: \.live-worker\/latest\/report\.html$/m);

    const model = readReport(path);
    const [parcel] = model.files.find(({ id }) => id === 'a.test.js')?.tests ?? [];
    expect(parcel?.facts).toEqual([
      expect.stringMatching(/^queue ".*" is empty and its consumer lives: .*handler is stuck/),
      expect.stringMatching(/was ready all the time .* stderr: waiting for the lock of parcel 2$/),
      expect.stringMatching(/^queue ".*": 0 messages waiting, 1 consumer$/),
    ]);
    expect(model.logs.find(({ test }) => test === parcel?.id)?.text).toBe(
      'parcel 2 received\ntoken ***\nwaiting for the lock of parcel 2',
    );
    expect(model.workers.map(({ name, probes }) => [name, probes.map(({ answer }) => answer)])).toEqual([
      ['ops', ['ready']],
      ['mailer', ['ready']],
    ]);
    expect(new Set(model.files.map(({ pid }) => pid)).size).toBe(2);
    const [shown = ''] = readFileSync(path, 'utf8').split('<script');
    expect(shown).toContain('handler is stuck');
    expect(JSON.stringify(model) + shown).not.toContain(secret.slice(0, 12));

    const errors = output.match(/^::error .*/gm);
    expect(errors).toEqual([
      expect.stringMatching(
        /^::error file=b\.test\.js,line=\d+,title=a mail is sent::LiveWorkerError \[WORKER_EXITED\]/,
      ),
    ]);
    expect(readFileSync(summaryPath, 'utf8')).toMatch(
      /^### Live workers: 2 of 2 tests failed\n[\s\S]*waiting for the lock of parcel 2/,
    );
  });
});

test('the command builds the report from the records, and joins those of shards', async () =>
  withProject(files('sesame-sesame'), async project => {
    await failingRun(project);
    const path = latest(project);
    const run = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await startCommand(project, words).ended;
      expect({ stderr, code }).toEqual({ stderr, code: 0 });
      return stdout;
    };
    expect(JSON.parse(await run('report', '--json'))).toMatchObject({ isBuilt: false });
    rmSync(path);
    expect(JSON.parse(await run('report', '--json'))).toMatchObject({ isBuilt: true });
    expect(readReport(path).files).toHaveLength(2);
    expect(JSON.stringify(readReport(path))).not.toContain('sesame-sesame');
    await run('merge-reports', '.', '.live-worker/latest', '-o', 'all.html');
    expect(readReport(join(project.folder, 'all.html')).files).toHaveLength(4);
  }));

test('where no reporter is there to write it, no line leads to a report', async () =>
  withProject({ ...files('sesame-sesame'), 'jest.config.js': config(`['summary', {}]`) }, async project => {
    const output = await failingRun(project);
    expect(output).not.toMatch(/report:/);
    expect(existsSync(latest(project))).toBe(false);
  }));

test('with --silent only the report is named, with --bail it is written too', async () =>
  withProject(files('sesame-sesame'), async project => {
    const output = await failingRun(project, ['-i', '--silent', '--bail']);
    expect(output.match(/^live-worker: .*$/gm)).toEqual([
      'live-worker: report: .live-worker/latest/report.html',
    ]);
    expect(readReport(latest(project)).files.length).toBeGreaterThan(0);
  }));

test('a file that Jest cannot run, and one whose workers do not come up, have their reasons', async () => {
  const late = `ops: { command: ['node', '-e', 'setTimeout(() => {}, 20000)'], startTimeoutMs: 500, stop: { graceMs: 100 }, ready: [log({ pattern: 'never' })] },`;
  const broken = {
    'jest.config.js': config().replace(/ops: \{.*\n/, `${late}\n`),
    'a.test.js': `/** @live-worker none */ test('x', () => {`,
    'b.test.js': `/** @live-worker ops */ test('x', () => {});`,
  };
  await withProject(broken, async project => {
    const output = await failingRun(project);
    expect(output).toMatch(/^ {4}report: \/.*#test=b\.test\.js$/m);
    const { files, workers } = readReport(latest(project));
    expect(
      files.map(({ id, outcome, failures }) => [id, outcome, failures.map(({ title }) => title)]),
    ).toEqual([
      ['a.test.js', 'failed', [expect.stringMatching(/^SyntaxError: /)]],
      ['b.test.js', 'failed', [expect.stringMatching(/^LiveWorkerError \[START_TIMEOUT\]: /)]],
    ]);
    expect(workers[0]?.probes).toEqual([expect.objectContaining({ answer: 'pending' })]);
  });
});

test('a worker of the run stands once, its lines with the test of each file', async () => {
  const shared = config()
    .replace("envFile: '.env',", "scope: 'run',")
    .replace(/mailer: .*\n/, '');
  const says = (line: string) => `${fixtures} test('says', async () => {
    await rabbitmq().publish(TASK_QUEUE, { lines: ['${line}'] });
    await liveWorker('ops').logs.waitFor('${line}');
  });`;
  await withProject(
    {
      'jest.config.js': shared,
      'a.test.js': says('of a'),
      'b.test.js': says('of b'),
      'c.test.js': `test('fails', () => { throw new Error('no'); });`,
    },
    async project => {
      await project.run({ args: ['-i'] });
      const { workers, logs } = readReport(latest(project));
      expect(workers.map(({ scope, files }) => [scope, [...files].sort()])).toEqual([
        ['run', ['a.test.js', 'b.test.js', 'c.test.js']],
      ]);
      expect(
        logs
          .filter(({ stream }) => stream === 'stderr')
          .map(({ test, text }) => [test, text])
          .sort(),
      ).toEqual([
        ['a.test.js:1', 'of a'],
        ['b.test.js:1', 'of b'],
      ]);
    },
  );
});
