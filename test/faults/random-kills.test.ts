import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { configFile } from '../end-to-end/harness/config-file.ts';
import { type Project, watchdogsOf, withProject } from '../end-to-end/harness/project.ts';
import { figuresOf, randomFrom } from './figures.ts';
import { SeenProcesses } from './seen-processes.ts';

/** `npm run test:faults` kills at 300 moments. */
const moments = Number(process.env.FAULT_MOMENTS ?? 15);
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const goneLimitMs = 10_000;

jest.setTimeout(60_000 + moments * 15_000);

const files = {
  'jest.config.js': configFile(`
    forks: { command: ['node', W + '/orphan-children.mjs'], ready: [log({ pattern: 'child is up' })] },
    daemon: { command: ['python3', W + '/daemon.py'], env: { LEADER_STAYS: '1' }, ready: [log({ pattern: 'daemon' })] },
    nameless: { command: ['python3', W + '/daemon.py'], env: { LEADER_STAYS: '1', CLEAR_ENVIRONMENT: '1' },
      ready: [log({ pattern: 'daemon' })] },
    deaf: { command: ['node', W + '/ignore-sigterm.mjs'], stop: { graceMs: 200 }, ready: [log({ pattern: 'ready' })] },`),
  'a.test.js': `test('works', () => new Promise(resolve => setTimeout(resolve, 200)));`,
};

test('FAULT 1: Jest killed at a random moment leaves nobody alive', async () =>
  withProject(files, async project => {
    const random = randomFrom(seed);
    const wholeRunMs = await timeWholeRun(project);
    const lastGoneMs: number[] = [];
    const survivors: string[] = [];
    for (let moment = 0; moment < moments; moment += 1) {
      const killed = await killAfter(project, random() * wholeRunMs * 1.1);
      lastGoneMs.push(killed.lastGoneMs);
      survivors.push(...killed.survivors);
    }
    const figures = figuresOf(lastGoneMs, survivors.length);
    process.stderr.write(
      `seed ${seed}, whole run ${Math.round(wholeRunMs)} ms: ${JSON.stringify(figures)}\n`,
    );
    expect({ seed, survivors }).toEqual({ seed, survivors: [] });
    expect(figures.kills).toBe(moments);
  }));

/** The second run: the first one fills caches. */
async function timeWholeRun(project: Project): Promise<number> {
  expect((await project.run({ args: ['-i'] })).code).toBe(0);
  const start = performance.now();
  await project.run({ args: ['-i'] });
  return performance.now() - start;
}

async function killAfter(project: Project, delayMs: number) {
  const processes = new SeenProcesses(project.id);
  const started = project.start({ args: ['-i'] });
  const jest = identifyProcess(started.child.pid as number);
  await processes.lookFor(delayMs);
  if (isAlive(jest)) started.child.kill('SIGKILL');
  const killedAt = performance.now();
  while (processes.living().length > 0 && performance.now() - killedAt < goneLimitMs) await sleep(2);
  const lastGoneMs = Math.round(performance.now() - killedAt);
  const survivors = processes.living().map(line => `${line}, Jest killed after ${Math.round(delayMs)} ms`);
  processes.killAll();
  await started.ended;
  while (watchdogsOf(project).length > 0 && performance.now() - killedAt < 2 * goneLimitMs) await sleep(5);
  return { lastGoneMs, survivors };
}
