import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, processesOf, untilGone, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const worker = configFile(`ops: { command: ['sleep', '100'], ready: [] },`);
const holds = `${fixtures}
test('holds', async () => {
  process.stderr.write('HOLDING ' + process.pid + '\\n');
  await new Promise(resolve => setTimeout(resolve, 40_000));
}, 50_000);`;
const files = { 'jest.config.js': worker, 'a.test.js': holds, 'next.test.js': `test('passes', () => {});` };

const container = ['unshare', '-Upf', '--kill-child', '--mount-proc'];
const hasNamespaces = spawnSync(container[0] as string, [...container.slice(1), 'true']).status === 0;
const onHost: readonly string[] = [];

const sleepers = (project: Project) => processesOf(project.id).filter(line => line.includes('sleep 100'));
const latestRun = (project: Project) => realpathSync(join(project.folder, '.live-worker', 'latest'));

(hasNamespaces ? test.each : test.skip.each)([
  ['a container', container, onHost],
  ['the host', onHost, container],
])(
  'FAULT 63: a run in %s keeps its logs and its worker while others run elsewhere',
  async (_, through, others) =>
    withProject(files, async project => {
      const living = project.start({ through, args: ['a.test'] });
      await living.untilOutput('HOLDING ');
      const run = latestRun(project);
      for (let count = 0; count < 6; count += 1) {
        const { code, output } = await project.run({ through: others, args: ['next'] });
        expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
        expect(output).not.toContain('ended what an earlier run had left');
      }
      expect(existsSync(join(run, 'a.test.js', 'ops.launch.ndjson'))).toBe(true);
      expect(sleepers(project)).toHaveLength(1);
      living.child.kill('SIGKILL');
      await living.ended;
      await untilGone(() => processesOf(project.id), 5_000);
    }),
);

test('FAULT 64: a planted record makes nobody end the living worker of another project', async () =>
  withProject(files, async victim =>
    withProject(files, async project => {
      const living = victim.start({ args: ['a.test'] });
      await living.untilOutput('HOLDING ');
      await project.run({ args: ['next'] });
      const [own, planted] = [latestRun(project), join(project.folder, '.live-worker', '1-4194305')];
      mkdirSync(join(planted, 'x'), { recursive: true });
      const record = JSON.parse(readFileSync(join(own, 'run.ndjson'), 'utf8')) as object;
      writeFileSync(join(planted, 'run.ndjson'), JSON.stringify({ ...record, pid: 4194305, startTime: 1 }));
      for (const name of ['ops.launch.ndjson', 'ops.stdout.log', 'ops.stderr.log'])
        writeFileSync(join(planted, 'x', name), victim.record('a.test.js', name));

      const { code, output } = await project.run({ args: ['next'] });
      expect(code).toBe(0);
      expect(output).not.toContain('ended what an earlier run had left');
      expect(sleepers(victim)).toHaveLength(1);
      living.child.kill('SIGKILL');
      await living.ended;
      await untilGone(() => processesOf(victim.id), 5_000);
    }),
  ));

test('FAULT 65: with umask 000 every folder is 0700 and every file 0600, those of a watchdog too', async () =>
  withProject(files, async project => {
    const through = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    const killed = project.start({ through, args: ['a.test'] });
    const pid = Number(/HOLDING (\d+)/.exec(await killed.untilOutput(/HOLDING \d+\n/))?.[1]);
    process.kill(pid, 'SIGKILL');
    await killed.ended;
    const record = join(latestRun(project), 'watchdog.ndjson');
    await untilGone(() => (existsSync(record) ? [] : ['no record yet']), 5_000);
    await project.run({ through, args: ['next'] });

    const base = join(project.folder, '.live-worker');
    const entries = readdirSync(base, { recursive: true, encoding: 'utf8' }).map(name => ({
      name,
      stats: lstatSync(join(base, name)),
    }));
    const loose = entries.filter(
      ({ stats }) =>
        !stats.isSymbolicLink() && (stats.mode & 0o777) !== (stats.isDirectory() ? 0o700 : 0o600),
    );
    expect(loose.map(({ name }) => name)).toEqual([]);
    expect(entries.map(({ name }) => name).join('\n')).toContain('watchdog.told.ndjson');
  }));

test('a log that is deleted meanwhile is said under a failing test', async () =>
  withProject(
    {
      'jest.config.js': worker,
      'a.test.js': `${fixtures}
      test('deletes', () => {
        require('node:fs').rmSync(liveWorker('ops').logs.files.stderr);
        expect(1).toBe(2);
      });`,
    },
    async project => {
      const { output } = await project.run();
      expect(output).toMatch(/^ +stderr: \S+ops\.stderr\.log was deleted/m);
    },
  ));
