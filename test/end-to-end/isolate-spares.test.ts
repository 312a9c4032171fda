import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { reporters, withIsolatedProject } from './harness/isolated-project.ts';
import { type Project, processesOf } from './harness/project.ts';
import { readEvents } from './harness/read-events.ts';

jest.setTimeout(180_000);

/** Does what the others do, after a while in which it needs no processor. */
const slow = (bootMs: number) =>
  opsWorker.replace(
    "['node', W + '/amqplib-worker.mjs']",
    `['sh', '-c', 'sleep ${bootMs / 1_000}; exec node "$0"', W + '/amqplib-worker.mjs']`,
  );

const config = (worker: string, isolate = 'true') =>
  configFile(worker, { session: `isolate: ${isolate},`, jest: reporters });

const alone = `${fixtures}
test('has what nobody had before', async () => {
  const { rows } = await postgres().query('select count(*)::int as count from ' + TASK_TABLE);
  expect(rows).toEqual([{ count: 0 }]);
  const id = crypto.randomUUID();
  await postgres().query('insert into ' + TASK_TABLE + ' (id) values ($1)', [id]);
  await rabbitmq().publish(TASK_QUEUE, { id, provider: 'known' });
  await postgres().waitForRow('select 1 from ' + TASK_TABLE + " where id = $1 and status = 'COMPLETED'", [id]);
});`;
const files = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`file-${index}.test.js`, alone]));

/** For each test file how long its worker had been there when it began, in milliseconds; negative: it was spawned after. */
function agesOf(project: Project): readonly number[] {
  const events = readEvents(project);
  const spawned = events.filter(({ event }) => event === 'worker.spawned');
  const opened = events.filter(({ event }) => event === 'session.opened');
  return opened.map(({ folder, atMs }) => {
    const ids = events.filter(one => one.folder === folder && one.id !== undefined).map(({ id }) => id);
    const [own] = spawned.filter(({ id }) => ids.includes(id));
    return atMs - (own?.atMs ?? Number.POSITIVE_INFINITY);
  });
}

test('the worker of the next file is there before the file is, and those that no file needed are gone', () =>
  withIsolatedProject(
    { 'jest.config.js': config(slow(1_000), '{ spare: 2 }'), ...files(6) },
    async project => {
      const { code, output } = await project.run({ args: ['-i'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      const ages = agesOf(project);
      expect(ages).toHaveLength(6);
      expect(ages.filter(age => age > 0).length).toBeGreaterThanOrEqual(2);
      expect(processesOf(project.id)).toEqual([]);
    },
  ));

test('spare: 0 and a worker at a fixed place have none', () =>
  withIsolatedProject(
    {
      'jest.config.js': config(slow(100), '{ spare: 0 }'),
      'fixed.config.js': config(slow(100).replace('ready: [', "ready: [file('package.json'), ")),
      'package.json': '{}',
      ...files(3),
    },
    async project => {
      for (const name of ['jest', 'fixed']) {
        const { code, output } = await project.run({ args: ['-i', '-c', `${name}.config.js`] });
        expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
        expect(agesOf(project).filter(age => age > 0)).toEqual([]);
      }
    },
  ));

test('a spare that fails to start fails the file that has it, with its cause, and no other', () =>
  withIsolatedProject(
    {
      'jest.config.js': config(
        opsWorker.replace(
          "['node', W + '/amqplib-worker.mjs']",
          "['sh', 'third.sh', W + '/amqplib-worker.mjs']",
        ),
        '{ spare: 1 }',
      ),
      // The third start of all fails.
      'third.sh':
        'echo >> starts; if [ "$(wc -l < starts)" = 3 ]; then echo "no more colours" >&2; exit 9; fi; exec node "$1"',
      ...files(5),
    },
    async project => {
      const { results, output } = await project.run({ args: ['-i'] });
      const { numPassedTests: passed, numRuntimeErrorTestSuites: failed } = results ?? {};
      expect({ passed, failed, output: passed === 4 ? '' : output }).toEqual({
        passed: 4,
        failed: 1,
        output: '',
      });
      expect(output).toContain('[EXITED_BEFORE_READY]');
      expect(output).toContain('| no more colours');
      expect(processesOf(project.id)).toEqual([]);
    },
  ));

const slowToEnd = `
process.on('SIGTERM', () => setTimeout(() => { console.log('goodbye'); process.exit(0); }, 1500));
console.log('ready');
setTimeout(() => process.exit(1), 60_000);`;

test('the workers of the last file have all of their grace, though the run ends', () =>
  withIsolatedProject(
    {
      'jest.config.js': config(
        `ops: { command: ['node', 'slow-to-end.js'], env: { DATABASE_URL: process.env.DATABASE_URL }, ready: [log({ pattern: 'ready' })] },`,
      ),
      'slow-to-end.js': slowToEnd,
      'a.test.js': `test('passes', () => {});`,
    },
    async project => {
      const { code, output } = await project.run({ args: ['-i'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(project.record('a.test.js', 'ops.stdout.log')).toBe('ready\ngoodbye\n');
    },
  ));
