import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { workersFolder } from '../end-to-end/harness/folders.ts';
import { withProject } from '../end-to-end/harness/project.ts';
import { expectToPass, venv, write } from './project-of-readme.ts';
import { quickStart } from './quick-start.ts';
import { labelledBlocks } from './read-readme.ts';

jest.setTimeout(300_000);

describe('the examples of README.md', () => {
  test('the quick start passes as it stands, and leaves what the README says', () =>
    withProject(quickStart(), async project => {
      await expectToPass(project, 2);
      const folder = join(project.folder, '.live-worker/latest/tasks.test.js');
      const left = readdirSync(folder);
      expect(left).toEqual(['events.ndjson', 'ops.launch.ndjson', 'ops.stderr.log', 'ops.stdout.log']);
      expect(left.map(name => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual(
        left.map(() => '600'),
      );
    }));

  test('its first eight lines pass on a worker of one’s own', async () => {
    const files = labelledBlocks('short');
    expect(Object.values(files).join('').trimEnd().split('\n')).toHaveLength(8);
    await withProject({ ...files, 'worker.js': ownWorker }, project => expectToPass(project, 1));
  });

  test('the Python example passes on a Celery worker', () =>
    withProject({}, async project => {
      const ours = (text: string) =>
        text
          .replaceAll("'default'", `'${project.queue}'`)
          .replace(/(table: '|INTO |FROM )task\b/g, `$1${project.table}`);
      const files = Object.entries(labelledBlocks('python')).map(
        ([name, text]) => [name, ours(text)] as const,
      );
      expect(files.map(([name]) => name)).toEqual(['jest.config.ts', 'tasks.test.ts']);
      const service = join(project.folder, 'services/ops-core');
      mkdirSync(service, { recursive: true });
      cpSync(join(workersFolder, 'celery/ops_core'), join(service, 'ops_core'), { recursive: true });
      symlinkSync(venv, join(service, '.venv'));
      write(project.folder, Object.fromEntries(files));
      write(service, { '.env.test': quickStart()['.env.test'] ?? '' });
      await expectToPass(project, 1);
    }));

  test('the example of docs/coverage.md prints what the page says', () => {
    const { output: printed = '', ...files } = labelledBlocks('coverage');
    return withProject(files, async project => {
      const { code, output } = await project.run({ args: ['--coverage', '--coverageReporters=text'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      const trimmed = (text: string) => text.replace(/ +$/gm, '');
      expect(trimmed(stripVTControlCharacters(output))).toContain(printed);
    });
  });
});

const ownWorker = `
const amqplib = require('amqplib');
amqplib.connect(process.env.RABBITMQ_URL).then(async broker => {
  const channel = await broker.createChannel();
  await channel.assertQueue('ops-tasks', { autoDelete: true });
  await channel.consume('ops-tasks', message => {
    console.error('unknown provider: ' + JSON.parse(message.content).provider);
    channel.ack(message);
  });
  process.once('SIGTERM', () => broker.close());
});
`;
