import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { failedRun } from './harness/failure-of.ts';
import { reporters, withIsolatedProject } from './harness/isolated-project.ts';
import { dropSlots, listSlots } from './harness/list-slots.ts';
import { type Project, processesOf, untilGone } from './harness/project.ts';

jest.setTimeout(180_000);

const isolate = (command: string) =>
  `isolate: { postgres: { prepare: ['node', 'migrate.js', '${command}'], inputs: ['migrations/**'] } },`;

const migrate = `
const { appendFileSync, readFileSync } = require('node:fs');
const { Client } = require(process.env.PG);
const [how] = process.argv.slice(2);
appendFileSync('migrated', how + ' ' + process.env.DATABASE_URL.split('/').at(-1) + '\\n');
async function main() {
  if (how === 'elsewhere') return;
  if (how === 'hangs') return void require('node:child_process').spawn('sleep', ['50'], { stdio: 'ignore' });
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(readFileSync('migrations/1.sql', 'utf8'));
  await client.end();
  if (how === 'touches') appendFileSync('migrations/1.sql', ' ');
  if (how === 'fails') throw new Error('column "colour" does not exist');
}
main().catch(error => { console.error(error.message); process.exit(3); });`;
const sql = `create table made (id text); insert into made values ('seed')`;
const reads = `${fixtures}
test('has what prepare made, and nothing of another file', async () => {
  const { rows } = await postgres().query('select id from made');
  expect(rows).toEqual([{ id: 'seed' }]);
  await postgres().query("insert into made values ('rubbish')");
});`;
const worker = opsWorker.replace('postgres({ table: TASK_TABLE })', `postgres({ table: 'made' })`);
const files = {
  ...Object.fromEntries(
    ['well', 'fails', 'elsewhere', 'touches', 'hangs'].map(how => [
      `${how}.config.js`,
      configFile(worker, { session: isolate(how), jest: reporters }),
    ]),
  ),
  'migrate.js': migrate,
  'migrations/1.sql': sql,
  'a.test.js': reads,
  'b.test.js': reads,
};
const migrated = ({ folder }: Project) => readFileSync(join(folder, 'migrated'), 'utf8').trim().split('\n');

test('prepare runs once for all files and runs, until an input changes', () =>
  withIsolatedProject(files, async project => {
    // What the same files made for a run at this moment elsewhere is kept on the server, and found.
    appendFileSync(join(project.folder, 'migrations/1.sql'), `; select '${project.id}'`);
    const run = async () => {
      const { code, output } = await project.run({ args: ['-w', '2', '-c', 'well.config.js'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      return migrated(project).length;
    };
    expect(await run()).toBe(1);
    expect(await run()).toBe(1);
    appendFileSync(join(project.folder, 'migrations/1.sql'), ';');
    expect(await run()).toBe(2);
    const templates = await listSlots(project);
    expect(templates).toEqual([expect.stringMatching(/^database lw_template_/), expect.any(String)]);
    await dropSlots(templates);
  }));

test('a prepare that fails is told by its output, and leaves no template; nor does one that is not to be trusted', () =>
  withIsolatedProject(files, async project => {
    const failed = async (how: string) =>
      (await failedRun(project, 'a.test.js', { args: ['a.test', '-c', `${how}.config.js`] })).text;
    const fails = await failed('fails');
    expect(fails).toContain(
      '[PREPARE_FAILED]: Cannot make a template: node migrate.js fails exited with code 3',
    );
    expect(fails).toContain('| column "colour" does not exist');
    expect(await failed('elsewhere')).toContain('the database it was given has nothing new in it');
    expect(await failed('touches')).toContain('it changed "migrations/1.sql", which is one of its inputs');
    expect(await listSlots(project)).toEqual([]);
  }));

test('a run that is killed while a template is made ends what makes it, and leaves none', () =>
  withIsolatedProject(files, async project => {
    const jest = project.start({ args: ['a.test', '-c', 'hangs.config.js'] });
    while (!existsSync(join(project.folder, 'migrated'))) await sleep(10);
    while (!processesOf(project.id).some(line => line.includes('sleep 50'))) await sleep(10);
    jest.child.kill('SIGKILL');
    await jest.ended;
    await untilGone(() => processesOf(project.id), 30_000);
    while ((await listSlots(project)).length > 0) await sleep(50);
  }));
