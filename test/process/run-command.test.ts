import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { repository } from '../end-to-end/harness/folders.ts';
import { temporaryFolder, uniqueSleep, untilSeen } from './own-processes.ts';

jest.setTimeout(60_000);

/** A process of its own, because what spawns is an ES module. It cuts the command off when its standard input ends. */
const program = `
const { runCommand } = require('./dist/process/run-command.js');
const [command, timeoutMs] = JSON.parse(process.argv[1]);
const over = new AbortController();
process.stdin.resume().once('end', () => over.abort());
runCommand(command, { cwd: '/', env: { PATH: process.env.PATH }, timeoutMs, signal: over.signal })
  .then(end => process.stdout.write(JSON.stringify(end), () => process.exit()));
setTimeout(() => process.exit(1), 40_000);`;

function start(command: readonly string[], timeoutMs = 30_000) {
  const child = spawn(process.execPath, ['-e', program, JSON.stringify([command, timeoutMs])], {
    cwd: join(repository),
    env: { PATH: process.env.PATH, TMPDIR: temporaryFolder() },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', text => {
    output += text;
  });
  return { child, ended: once(child, 'close').then(() => JSON.parse(output || '{}') as unknown) };
}

test('runCommand() tells code, last line and output', async () => {
  const { ended } = start(['sh', '-c', 'echo one; echo two; exit 3']);
  expect(await ended).toEqual({ code: 3, lastLine: 'two', output: 'one\ntwo' });
});

test.each([
  ['the time', 1_000, 'it took too long'],
  ['the signal', 30_000, ''],
])(
  'runCommand() ends what the command started, as npm does, when it is cut off by %s',
  async (how, timeoutMs, lastLine) => {
    const nap = uniqueSleep();
    const { child, ended } = start(['sh', '-c', `${nap}; true`], timeoutMs);
    const [found] = await untilSeen(nap);
    const napping = identifyProcess(found?.pid ?? 0);
    if (how === 'the signal') child.stdin.end();
    expect(await ended).toEqual({ lastLine, output: '' });
    while (isAlive(napping)) await new Promise(setImmediate);
  },
);
