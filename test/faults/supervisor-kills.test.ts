import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry } from '../../src/process/table/process-entry.ts';
import { readCommandLine, readProcessTable } from '../../src/process/table/process-table.ts';
import { signalProcess } from '../../src/process/tree/signal-process.ts';
import { listLivingLaunches } from '../../src/records/list-living-launches.ts';
import { readRunState } from '../../src/records/run-record.ts';
import { workersFolder } from '../end-to-end/harness/folders.ts';
import type { StartedJest } from '../end-to-end/harness/start-jest.ts';
import { type SupervisedProject, withSupervisedProject } from '../end-to-end/harness/supervised-project.ts';
import { figuresOf, randomFrom } from './figures.ts';
import { SeenProcesses } from './seen-processes.ts';

/** `npm run test:faults` kills in 300 rounds. */
const rounds = Number(process.env.FAULT_MOMENTS ?? 3);
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const goneLimitMs = 15_000;
/** Between two kills, at most. */
const gapMs = 100;

jest.setTimeout(60_000 + rounds * 30_000);

const testFile = `test('works', () => new Promise(resolve => setTimeout(resolve, 200)));`;
const files = {
  'jest.config.js': `
    const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
    const W = process.env.WORKERS_DIR;
    const shared = { scope: 'run', stop: { graceMs: 200 } };
    module.exports = withLiveWorkers({ workers: {
      forks: { ...shared, command: ['node', W + '/orphan-children.mjs'], ready: [log({ pattern: 'child is up' })] },
      daemon: { ...shared, command: ['python3', W + '/daemon.py'], env: { LEADER_STAYS: '1' }, ready: [log({ pattern: 'daemon' })] },
      deaf: { ...shared, command: ['node', W + '/ignore-sigterm.mjs'], ready: [log({ pattern: 'ready' })] },
      own: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },
    } }, { transform: {} });`,
  'a.test.js': `/** @live-worker forks daemon deaf */ ${testFile}`,
  'b.test.js': `/** @live-worker forks own */ ${testFile}`,
  'c.test.js': `/** @live-worker daemon deaf */ ${testFile}`,
};

type Victim = 'supervisor' | 'watchdogs' | 'jest';

/** One, two or all three of them, in every order. */
const orders: readonly (readonly Victim[])[] = [[]]
  .flatMap(addOne)
  .flatMap(order => [order, ...addOne(order).flatMap(two => [two, ...addOne(two)])]);

function addOne(order: readonly Victim[]): readonly (readonly Victim[])[] {
  const all: readonly Victim[] = ['supervisor', 'watchdogs', 'jest'];
  return all.filter(victim => !order.includes(victim)).map(victim => [...order, victim]);
}

test('FAULT 68: supervisor, watchdogs and Jest killed in any order leave nobody alive', async () =>
  withSupervisedProject(files, async own => {
    const random = randomFrom(seed);
    const wholeRunMs = await timeWholeRun(own);
    const lastGoneMs: number[] = [];
    const problems: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // All of them in turn, and in a few rounds those the seed chooses.
      const at = rounds < orders.length ? Math.floor(random() * orders.length) : round % orders.length;
      const order = orders[at] ?? [];
      const delays = order.map((_, index) => random() * (index === 0 ? wholeRunMs * 1.1 : gapMs));
      const isParallel = random() < 0.5;
      const killed = await killInOrder(own, { order, delays, isParallel });
      lastGoneMs.push(killed.lastGoneMs);
      const when = order
        .map((victim, index) => `${victim} after ${Math.round(delays[index] ?? 0)} ms`)
        .join(', ');
      problems.push(...killed.problems.map(problem => `round ${round}, ${when}: ${problem}`));
    }
    const figures = figuresOf(lastGoneMs, problems.length);
    process.stderr.write(
      `seed ${seed}, whole run ${Math.round(wholeRunMs)} ms: ${JSON.stringify(figures)}\n`,
    );
    expect({ seed, problems }).toEqual({ seed, problems: [] });
    expect(figures.kills).toBe(rounds);
  }));

/** The second run: the first one fills caches. */
async function timeWholeRun(own: SupervisedProject): Promise<number> {
  expect((await start(own, ['-i']).ended).code).toBe(0);
  const begin = performance.now();
  await start(own, ['-i']).ended;
  return performance.now() - begin;
}

function start(own: SupervisedProject, args: readonly string[]): StartedJest {
  return own.start({ args, env: { E2E_PROJECT: basename(own.folder), WORKERS_DIR: workersFolder } });
}

interface Kills {
  readonly order: readonly Victim[];
  /** Before each, since the one before. */
  readonly delays: readonly number[];
  readonly isParallel: boolean;
}

async function killInOrder(own: SupervisedProject, { order, delays, isParallel }: Kills) {
  const processes = new SeenProcesses(basename(own.folder));
  const jest = start(own, isParallel ? ['-w', '2'] : ['-i']);
  for (const [index, victim] of order.entries()) {
    await processes.lookFor(delays[index] ?? 0);
    kill(victim, own, jest);
  }
  const killedAt = performance.now();
  await jest.ended;
  // Where one is killed that would have ended what the other one left, the next run does.
  if (order.length > 1) {
    const { code, output } = await start(own, ['-i']).ended;
    if (code !== 0) return { lastGoneMs: goneLimitMs, problems: [`the next run failed: ${output}`] };
  }
  const left = () => whatIsLeft(own, processes);
  while (left().length > 0 && performance.now() - killedAt < goneLimitMs) await sleep(5);
  const lastGoneMs = Math.round(performance.now() - killedAt);
  const problems = left();
  processes.killAll();
  return { lastGoneMs, problems };
}

function kill(victim: Victim, own: SupervisedProject, jest: StartedJest): void {
  if (victim === 'jest') jest.child.kill('SIGKILL');
  else
    for (const one of victim === 'watchdogs' ? watchdogsOf(own) : own.supervisors())
      signalProcess(one, 'SIGKILL');
}

/** Their command line tells of their first launch: they live where the process does that started them. */
function watchdogsOf({ folder }: SupervisedProject): readonly ProcessEntry[] {
  return (readProcessTable() ?? []).filter(({ pid, state }) => {
    const command = state === 'Z' ? '' : readCommandLine(pid);
    return command.includes('/dist/watchdog/main.js') && command.includes(folder);
  });
}

function whatIsLeft(own: SupervisedProject, processes: SeenProcesses): readonly string[] {
  const records = join(own.folder, '.live-worker');
  const runs = readdirSync(records).filter(name => readRunState(join(records, name)) === 'alive');
  return [
    ...processes.living(),
    ...[...own.supervisors(), ...watchdogsOf(own)].map(({ pid }) => `pid ${pid}: ${readCommandLine(pid)}`),
    ...readdirSync(own.sockets).map(name => `socket ${name}`),
    ...runs.map(name => `run ${name}`),
    ...(listLivingLaunches() ?? [])
      .filter(({ rootDir }) => rootDir === own.folder)
      .map(({ id }) => `launch ${id}`),
  ];
}
