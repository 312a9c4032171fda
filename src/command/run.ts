import { join } from 'node:path';
import { LiveWorkerError } from '../errors.ts';
import { jestModuleLoader } from '../jest/jest-module-loader.ts';
import type { LiveWorkersSpec } from '../options/options.ts';
import { selectWorkers } from '../options/select-workers.ts';
import type { HeldWorker } from '../records/held-worker.ts';
import { findHeldWorker } from '../records/held-workers.ts';
import { maskError } from '../secrets/mask-error.ts';
import { noteForcedStops } from '../session/note-forced-stops.ts';
import { TestFileSession } from '../session/test-file-session.ts';
import type { CommandContext, CommandResult } from './command-result.ts';
import { findWorker, type WorkerProject } from './find-worker.ts';
import { keepHeldRecord } from './keep-held-record.ts';
import type { ProjectOptions } from './project-options.ts';
import { describeReady, type ReadyReport } from './ready-report.ts';
import { type StopRequests, stopRequests } from './stop-requests.ts';

export interface RunOptions extends ProjectOptions {
  /** Stop it as soon as it is ready. */
  readonly readyOnly?: boolean;
}

/** Starts a worker by the very session a test file has, and holds it until a signal asks it to stop or it ends by itself. */
export async function run(
  name: string,
  options: RunOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { project } = await findWorker(name, context.cwd, options);
  refuseHeld(name, findHeldWorker(project.rootDir, name));
  const requests = stopRequests();
  const session = new TestFileSession({
    spec: specFor(name, project),
    defined: [name],
    rootDir: project.rootDir,
    testPath: join(project.rootDir, `live-worker run ${name}`),
    loadModule: jestModuleLoader(project.jest),
  });
  const record = keepHeldRecord(session, name, project.rootDir);
  try {
    return await holdUntilAsked(name, session, {
      options,
      context,
      requests,
      onReady: () => record.noteReady(),
    });
  } finally {
    record.release();
    requests.close();
  }
}

interface Holding {
  readonly options: RunOptions;
  readonly context: CommandContext;
  readonly requests: StopRequests;
  readonly onReady: () => void;
}

async function holdUntilAsked(
  name: string,
  session: TestFileSession,
  { options, context, requests, onReady }: Holding,
): Promise<CommandResult> {
  const report = { worker: name, logs: session.workers.get(name)?.view.files };
  let ready: ReadyReport | undefined;
  try {
    ready = await Promise.race([start(name, session), requests.asked.then(() => undefined)]);
    if (ready) {
      onReady();
      context.say(describeReady(ready, context.colours, options.readyOnly ?? false));
      if (!options.readyOnly) await Promise.race([requests.asked, untilDeath(session)]);
    }
  } catch (error) {
    if (session.death.isIn(error)) session.death.tellBy(session);
    await session.close().catch(() => {});
    noteForcedStops(error, session.workers.values());
    throw maskError(error, session.secrets);
  }
  await close(name, session, requests, context);
  const signal = requests.first;
  return {
    document: { worker: name, ready: ready !== undefined, ...ready, stoppedBy: signal ?? null },
    text: options.readyOnly ? '' : `${report.worker} is stopped`,
    code: requests.exitCode,
  };
}

async function start(name: string, session: TestFileSession): Promise<ReadyReport> {
  const beganMs = performance.now();
  await session.prepare();
  await session.launch();
  const startedMs = performance.now();
  await session.untilReady();
  const readyMs = performance.now();
  const worker = session.workers.get(name);
  return {
    name,
    pid: worker?.runner.running?.leader.pid ?? 0,
    logs: { stdout: worker?.view.files.stdout.path ?? '', stderr: worker?.view.files.stderr.path ?? '' },
    timings: {
      beforeStartMs: Math.round(startedMs - beganMs),
      startMs: Math.round(readyMs - startedMs),
      totalMs: Math.round(readyMs - beganMs),
    },
  };
}

function untilDeath({ death }: TestFileSession): Promise<never> {
  return new Promise((_, reject) => {
    death.watch(reject);
  });
}

/** A second request skips the grace. */
async function close(
  name: string,
  session: TestFileSession,
  requests: StopRequests,
  { say }: CommandContext,
): Promise<void> {
  const closing = session.close();
  requests.onHint(() => say(`live-worker: ${name} is still stopping; Ctrl-C again kills it at once`));
  requests.onHurry(() => {
    say(`live-worker: killing ${name}`);
    for (const { runner } of session.workers.values()) void runner.kill().catch(() => {});
  });
  await closing;
}

/** The worker and those it waits for; one of those that another terminal holds is used as it is. */
function specFor(name: string, { spec, rootDir }: WorkerProject): LiveWorkersSpec {
  const selected = selectWorkers(spec, { 'live-worker': name }, `live-worker run ${name}`);
  return {
    ...selected,
    workers: selected.workers.map(worker => ({
      ...worker,
      scope: 'file',
      echo: true,
      // Files that attach read the worker's environment: it is to lead to the services.
      tap: false,
      otel: false,
      onExit: 'fail',
      mayWatch: worker.onExit === 'ignore',
      attach: worker.name !== name && (worker.attach || findHeldWorker(rootDir, worker.name) !== undefined),
    })),
  };
}

function refuseHeld(name: string, held: HeldWorker | undefined): void {
  if (!held) return;
  throw new LiveWorkerError(
    'WORKER_HELD',
    `Cannot run worker "${name}": another live-worker run holds it, pid ${held.owner.pid}\nStop that one with Ctrl-C, or let your tests use it: LIVE_WORKER_ATTACH=${name} npx jest`,
    { details: { worker: name, owner: held.owner.pid } },
  );
}
