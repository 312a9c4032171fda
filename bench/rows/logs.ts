import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Contender, contenders, ours } from '../contenders.ts';
import { type Project, withProject } from '../project.ts';
import { inTurn, type Measured, type Row } from '../row.ts';

const mostRounds = 3;
const blockedMs = { whole: 3_000, quick: 500 };

/** No runner: the worker writes to a file of the shell. */
const floor: Contender = {
  name: 'floor: > file',
  runner: 'none',
  files: () => ({}),
  command: ({ worker, ports, queue }) => [
    'sh',
    '-c',
    `PORT=${ports[0]} QUEUE=${queue} exec ${worker} > log.txt 2>&1`,
  ],
};

export const writes8k = writesRow('writes-8k', 8_192, 50_000);
export const writes100 = writesRow('writes-100', 100, 500_000);

function writesRow(name: string, size: number, count: number): Row {
  return {
    name,
    what: `the worker writes ${size} bytes at a time, while Jest is blocked for 3 s`,
    unit: 'MB/s',
    async measure({ rounds, isQuick }) {
      const wanted = isQuick ? count / 10 : count;
      const runs = await inTurn(
        [...contenders, floor],
        isQuick ? 1 : Math.min(rounds, mostRounds),
        contender => writeOnce(contender, size, wanted, isQuick ? blockedMs.quick : blockedMs.whole),
      );
      return [...runs].map(([contender, measured]): Measured => {
        const longest = Math.max(...measured.map(({ longestMs }) => longestMs));
        return {
          contender,
          values: measured.map(({ ms }) => (size * wanted) / 1e6 / (ms / 1_000)),
          note: `longest write ${longest.toFixed(1)} ms`,
        };
      });
    },
  };
}

function writeOnce(contender: Contender, size: number, count: number, forMs: number) {
  const path = `/write?size=${size}&count=${count}`;
  return withProject(contender, { tests: { 'a.test.js': blockingTest(path, forMs) } }, async project => {
    const { child, ended } = project.start();
    if (contender === floor) {
      await project.untilStamped('consuming');
      await askUntilHeard(project, path);
      await project.untilStamped('writing');
      child.kill('SIGTERM');
    }
    await ended;
    return JSON.parse(project.read('writing')) as { readonly ms: number; readonly longestMs: number };
  });
}

/** It says so when Jest goes on. */
const blockingTest = (path: string, forMs: number) => `
const { existsSync } = require('node:fs');
test('blocks', async () => {
  await ask('${path}');
  for (const end = Date.now() + ${forMs}; Date.now() < end; );
  while (!existsSync(process.env.BENCH_STAMPS + '/writing')) await new Promise(resolve => setTimeout(resolve, 20));
}, 60_000);`;

async function askUntilHeard(project: Project, path: string): Promise<void> {
  const environ = readFileSync(`/proc/${project.living()[0]}/environ`, 'utf8');
  const port = /\0PORT=(\d+)/.exec(environ)?.[1];
  for (let tries = 0; tries < 200; tries += 1) {
    const heard = await fetch(`http://127.0.0.1:${port}${path}`).then(
      () => true,
      () => false,
    );
    if (heard) return;
    await sleep(10);
  }
}

export const lostBytes: Row = {
  name: 'lost-bytes',
  what: 'bytes the worker had written that are nowhere after the command is SIGKILLed',
  unit: 'KB',
  async measure({ rounds }) {
    const runs = await inTurn(contenders, Math.min(rounds, mostRounds), loseOnce);
    return [...runs].map(([contender, values]) => ({ contender, values }));
  },
};

function loseOnce(contender: Contender): Promise<number> {
  const test = `test('goes on', async () => { await ask('/write?size=1000&count=200000'); await new Promise(() => {}); }, 60_000);`;
  return withProject(contender, { tests: { 'a.test.js': test } }, async project => {
    const { child, ended, outputBytes } = project.start();
    await project.untilStamped('written');
    await sleep(100);
    child.kill('SIGKILL');
    await ended;
    for (let tries = 0; project.living().length > 0 && tries < 150; tries += 1) await sleep(10);
    const written = Number(
      Buffer.from(readFileSync(join(project.folder, 'stamps/written'))).readBigUInt64LE(),
    );
    const kept = contender === ours ? logSize(project) : outputBytes();
    return Math.max(0, written - kept) / 1_000;
  });
}

function logSize({ folder }: Project): number {
  const latest = join(folder, '.live-worker/latest');
  if (!existsSync(latest)) return 0;
  const [file = ''] = readdirSync(latest).filter(name => name.endsWith('.test.js'));
  return statSync(join(latest, file, 'w0.stdout.log')).size;
}
