import { appendFileSync, mkdirSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '../../src/process/tree/signal-process.ts';
import { SupervisorClient } from '../../src/supervisor/client/supervisor-client.ts';
import type { Status } from '../../src/supervisor/protocol.ts';
import { connectTo } from '../../src/supervisor/socket/connect-to.ts';
import { untilDead } from '../process/own-processes.ts';
import { type SupervisedProject, withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(120_000);

const config = `module.exports = {
  reporters: ['default', 'jest-environment-live-worker/reporter'],
  transform: {},
};`;
const passing = `test('passes', () => {});`;
const files = { 'jest.config.js': config, 'a.test.js': passing, 'b.test.js': passing };
/** It says that it waits, and does so until it is told to go on. */
const waiting = `
const { existsSync } = require('node:fs');
test('waits', async () => {
  process.stderr.write('waiting\\n');
  while (!existsSync('go-on')) await new Promise(resolve => setTimeout(resolve, 5));
}, 60_000);`;

async function untilSupervised({ supervisors, sockets }: SupervisedProject) {
  for (;;) {
    const [supervisor] = supervisors();
    if (supervisor && readdirSync(sockets).length === 2) return supervisor;
    await sleep(5);
  }
}

/** Jest waits for no answer, so its reporter may not have said everything yet. */
async function untilTold(project: SupervisedProject): Promise<Status> {
  for (;;) {
    const status = await askStatus(project);
    if (status.files === 2) return status;
  }
}

async function askStatus({ sockets }: SupervisedProject): Promise<Status> {
  const socket = await connectTo(join(sockets, readdirSync(sockets)[0] ?? ''));
  const client = new SupervisorClient(socket as Socket, { supervisor: undefined, logPath: '' });
  const status = await client.ask({ kind: 'status' });
  client.end();
  return status;
}

const goOn = ({ folder }: SupervisedProject) => appendFileSync(`${folder}/go-on`, '');

test.each([
  ['in band', ['-i']],
  ['in two processes', ['-w', '2']],
  ['in threads', ['-w', '2', '--workerThreads']],
  ['with --forceExit', ['--forceExit']],
  ['with --detectOpenHandles', ['--detectOpenHandles']],
  ['with --detectLeaks', ['-i', '--detectLeaks']],
  ['with --bail', ['--bail']],
])('the reporter prints nothing and leaves nothing, %s', async (_, args) =>
  withSupervisedProject(files, async project => {
    const { code, output, results } = await project.start({ args }).ended;
    expect(results).toMatchObject({ numPassedTests: 2, numFailedTests: 0 });
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.not.stringMatching(/live-worker|open handle|did not exit/),
    });
  }),
);

test('a supervisor lives while Jest does, knows how many files there are, and is gone before Jest', async () =>
  withSupervisedProject({ ...files, 'a.test.js': waiting }, async project => {
    const jest = project.start({ args: ['-i'] });
    await jest.untilOutput('waiting');
    const supervisor = await untilSupervised(project);
    expect(supervisor.parent).toBe(jest.child.pid);
    const { members } = await untilTold(project);
    expect(members).toEqual([jest.child.pid]);
    goOn(project);
    expect((await jest.ended).code).toBe(0);
    expect(project.supervisors()).toEqual([]);
  }));

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'Jest gets %s: its supervisor ends by itself',
  async signal =>
    withSupervisedProject({ ...files, 'a.test.js': waiting }, async project => {
      const jest = project.start({ args: ['-i'] });
      await jest.untilOutput('waiting');
      const supervisor = await untilSupervised(project);
      jest.child.kill(signal);
      await jest.ended;
      await untilDead(supervisor);
    }),
);

test('the supervisor gets SIGKILL: a run that held nothing by it goes on, and its name is swept', async () =>
  withSupervisedProject({ ...files, 'a.test.js': waiting }, async project => {
    const jest = project.start({ args: ['-i'] });
    await jest.untilOutput('waiting');
    const supervisor = await untilSupervised(project);
    signalProcess(supervisor, 'SIGKILL');
    await untilDead(supervisor);
    expect(readdirSync(project.sockets)).toHaveLength(2);
    goOn(project);
    const { code, output } = await jest.ended;
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  }));

test('Jest and its supervisor get SIGKILL: the next run sweeps', async () =>
  withSupervisedProject({ ...files, 'a.test.js': waiting }, async project => {
    const jest = project.start({ args: ['-i'] });
    await jest.untilOutput('waiting');
    const supervisor = await untilSupervised(project);
    signalProcess(supervisor, 'SIGKILL');
    jest.child.kill('SIGKILL');
    await jest.ended;
    await untilDead(supervisor);
    expect(readdirSync(project.sockets)).toHaveLength(2);
    goOn(project);
    expect((await project.start().ended).code).toBe(0);
  }));

test('a folder that is not safe fails the run, and is named', async () =>
  withSupervisedProject(files, async project => {
    symlinkSync('/tmp', project.sockets);
    const { code, output } = await project.start().ended;
    expect(code).toBe(1);
    expect(
      output.match(/live-worker: LiveWorkerError \[SUPERVISOR_UNSAFE\]: .*: it is a link$/gm),
    ).toHaveLength(1);
    unlinkSync(project.sockets);
    mkdirSync(project.sockets);
  }));

test('in watch mode each cycle is a run with a supervisor of its own', async () =>
  withSupervisedProject({ ...files, 'a.test.js': waiting }, async project => {
    const jest = project.start({ args: ['--watchAll', '-i'], terminal: true });
    await jest.untilOutput('waiting');
    const first = await untilSupervised(project);
    goOn(project);
    await jest.untilOutput(/Tests: +2 passed.*Watch Usage/s);
    await untilDead(first);
    expect(project.supervisors()).toEqual([]);
    jest.child.stdin?.write('a');
    await jest.untilOutput(/Tests: +2 passed.*Tests: +2 passed.*Watch Usage/s);
    jest.child.stdin?.write('q');
    await jest.ended;
  }));
