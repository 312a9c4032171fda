import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withServer } from '../end-to-end/harness/failure-of.ts';
import { type Project, withProject } from '../end-to-end/harness/project.ts';
import { brokerUrl } from '../end-to-end/harness/services.ts';
import { asJestPrints, comparable } from './comparable.ts';
import { venv, write } from './project-of-readme.ts';
import { quickStart, quickStartWith } from './quick-start.ts';
import { labelledBlocks } from './read-readme.ts';

jest.setTimeout(300_000);

describe('the outputs in README.md are what a user sees', () => {
  const outputs = labelledBlocks('output');

  test('there are six of them', () =>
    expect(Object.keys(outputs)).toEqual([
      'exits',
      'stubbed',
      'elsewhere',
      'stranger',
      'hanging',
      'missing',
    ]));

  test('a worker on a stub', () =>
    withProject(quickStartWith(['node', 'worker.js'], 4_000), async project => {
      write(project.folder, { 'worker.js': stubbedWorker });
      await expectToPrint(project, outputs.stubbed, { DRAMATIQ_TESTING: '1' });
    }));

  test('a worker that hangs in an import', () =>
    withProject(quickStartWith(['python', 'worker.py'], 4_000), async project => {
      symlinkSync(venv, join(project.folder, '.venv'));
      write(project.folder, { 'worker.py': 'import settings', 'settings.py': slowSettings });
      await expectToPrint(project, outputs.hanging);
    }));

  test('a worker on another broker', () =>
    withServer(port =>
      withProject(quickStartWith(['node', 'worker.js'], 4_000), async project => {
        const otherBroker = `\nBROKER_URL=amqp://guest:guest@127.0.0.1:${port}\n`;
        write(project.folder, {
          'worker.js': connectedWorker,
          '.env.test': (quickStart()['.env.test'] ?? '').trimEnd() + otherBroker,
        });
        await expectToPrint(project, outputs.elsewhere?.replace('127.0.0.1:5999', `127.0.0.1:${port}`));
      }),
    ));

  test('a worker that exits before it is ready', () =>
    withProject(quickStartWith(['python', '-m', 'dramatiq', 'worker']), async project => {
      symlinkSync(venv, join(project.folder, '.venv'));
      await expectToPrint(project, outputs.exits);
    }));

  test('a stranger on the queue', () =>
    withProject(quickStart(), async project => {
      const stranger = spawn(process.execPath, ['-e', strangeWorker], {
        env: { ...process.env, RABBITMQ_URL: brokerUrl },
      });
      try {
        await once(stranger.stdout, 'data');
        await expectToPrint(project, outputs.stranger);
      } finally {
        stranger.kill('SIGKILL');
        await once(stranger, 'exit');
      }
    }));

  test('an executable that is not there', () =>
    withProject(quickStartWith(['.tox/py/bin/python', 'worker.py']), async project => {
      const programs = join(project.folder, 'services/ops/.tox/py/bin');
      mkdirSync(programs, { recursive: true });
      symlinkSync(process.execPath, join(programs, 'python'));
      await expectToPrint(project, outputs.missing);
    }));
});

/** Ends by itself after a minute. */
const strangeWorker = `
require('amqplib').connect(process.env.RABBITMQ_URL).then(async broker => {
  setTimeout(() => process.exit(124), 60_000);
  const channel = await broker.createChannel();
  await channel.assertQueue('readme-tasks', { autoDelete: true });
  await channel.consume('readme-tasks', () => {});
  console.log('consuming');
});
`;

/** These end by themselves after a minute. */
const stubbedWorker = `
setTimeout(() => process.exit(124), 60_000);
console.log('worker is ready for action');
`;
const slowSettings = `import signal
import time

signal.alarm(60)


def fetch():
    time.sleep(60)


fetch()
`;
const connectedWorker = `
setTimeout(() => process.exit(124), 60_000);
require('node:net').connect(new URL(process.env.BROKER_URL).port, '127.0.0.1');
`;

async function expectToPrint(project: Project, shown = '', env = {}): Promise<void> {
  const { code, output } = await project.run({ env });
  expect(code).toBe(1);
  expect(comparable(output, project.folder)).toContain(asJestPrints(shown));
}
