import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Contender, jestDevServer, jestNode, ours, oursWith } from '../contenders.ts';
import { type Project, withProject } from '../project.ts';
import { measureInTurn, type Row } from '../row.ts';
import { testFiles, wallMs } from './files.ts';

const shared = { worker: { scope: 'run' }, hasReporter: true };
const sharing = oursWith("jest-environment-live-worker, scope: 'run'", shared);
const fresh: Contender = { ...ours, name: "jest-environment-live-worker, scope: 'file'" };
const keeping = oursWith('jest-environment-live-worker, keepAliveMs', {
  worker: { scope: 'run', watch: ['*.js'] },
  options: { keepAliveMs: 60_000 },
  hasReporter: true,
});
const reported = oursWith('jest-environment-live-worker with its reporter', { hasReporter: true });
const asking = `test('asks it', async () => { await ask('/'); });`;

export const tenFiles: Row = {
  name: 'ten-files',
  what: '10 files, a worker that boots in 1.5 s, -i: from the command to the end of the last process of the worker',
  unit: 'ms',
  measure: ({ rounds, isQuick }) =>
    measureInTurn([sharing, jestDevServer, fresh], isQuick ? 1 : rounds, contender =>
      withProject(contender, { role: 'slow', tests: testFiles(isQuick ? 2 : 10, asking) }, untilAllGone),
    ),
};

export const keptRun: Row = {
  name: 'kept-run',
  what: 'second run of one file on a worker that boots in 1.5 s, wall time of the command',
  unit: 'ms',
  measure: ({ rounds }) =>
    measureInTurn([keeping, jestNode], rounds, contender =>
      withProject(contender, { role: 'slow', tests: testFiles(1, `test('begins', () => {});`) }, secondRunMs),
    ),
};

export const reporter: Row = {
  name: 'reporter',
  what: 'one file, one worker: wall time of the command, with a supervisor that holds nothing and without',
  unit: 'ms',
  measure: ({ rounds }) =>
    measureInTurn([ours, reported], rounds, contender =>
      withProject(contender, { tests: testFiles(1, asking) }, wallMs),
    ),
};

async function untilAllGone(project: Project): Promise<number> {
  const start = performance.now();
  await wallMs(project);
  while (project.living().length > 0) await sleep(1);
  return performance.now() - start;
}

async function secondRunMs(project: Project): Promise<number> {
  await wallMs(project);
  const second = await wallMs(project);
  spawnSync(process.execPath, [join(__dirname, '../../dist/cli.js'), 'stop'], { cwd: project.folder });
  return second;
}
