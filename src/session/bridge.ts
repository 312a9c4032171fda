import { AsyncLocalStorage } from 'node:async_hooks';
import type { LiveWorkerError } from '../errors.ts';
import { askLivingWorker } from '../worker/ask-worker-stacks.ts';
import { runningPid } from '../worker/running-pid.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import { workerState } from '../worker/worker-state.ts';
import { answerWhileOpen } from './answer-while-open.ts';
import type { SessionBridge, WorkerSnapshot } from './contract.ts';
import { crashBridge } from './crash/crash-bridge.ts';
import { findWorker, startedHere } from './find-worker.ts';
import { packResult, packResultSync } from './pack-result.ts';
import { serviceBridge } from './service-bridge.ts';
import { readFlow } from './tap/read-flow.ts';
import { parseSettleOptions } from './tap/settle-options.ts';
import { SettleWait } from './tap/settle-wait.ts';
import type { TestFileSession } from './test-file-session.ts';
import { untilLogged } from './waits/until-logged.ts';

/** What the sandbox sees of a session. */
export function createBridge(session: TestFileSession): SessionBridge {
  const { secrets } = session;
  const named = (name: string) => findWorker(session, name);
  const ours = (name: string, action: string) => startedHere(named(name), action);
  const apart = new AsyncLocalStorage<object>();
  const bridge: SessionBridge = {
    ...serviceBridge(session),
    ...crashBridge(session),
    workers: [...session.workers.keys()],
    workerState: name => packResultSync(secrets, () => snapshot(named(name))),
    logText: (name, stream, since) => packResultSync(secrets, () => named(name).view.text(stream, since)),
    waitForLog: (name, pattern, stream, options) =>
      packResult(secrets, () =>
        untilLogged(named(name), {
          pattern,
          stream,
          timeoutMs: options.timeoutMs ?? session.clock.timeLeftMs(),
          waits: session.waits,
          scope: session.tests.scope,
          secrets,
        }),
      ),
    startWorker: name => packResult(secrets, () => start(session, ours(name, 'start'))),
    stopWorker: name => packResult(secrets, () => stop(session, ours(name, 'stop'))),
    restartWorker: (name, env) => packResult(secrets, () => restart(session, ours(name, 'restart'), env)),
    signalWorker: (name, signal) =>
      packResult(secrets, () => signalWorker(ours(name, 'kill'), signal as NodeJS.Signals)),
    workerStacks: name => packResult(secrets, () => askLivingWorker(named(name), session.clock.timeLeftMs())),
    pauseWorker: name => packResult(secrets, () => act(ours(name, 'pause'), 'pause')),
    resumeWorker: name => packResult(secrets, () => act(ours(name, 'resume'), 'resume')),
    flow: () => packResult(secrets, () => readFlow(session)),
    lookForDead: () => packResult(secrets, () => orThrow(session.deadLetters.look())),
    untilSettled: options =>
      packResult(secrets, async () => {
        const parsed = parseSettleOptions(options, session.clock.timeLeftMs());
        await new SettleWait(session, parsed).untilSettled();
        return null;
      }),
    timeLeftMs: () => session.clock.timeLeftMs(),
    now: () => performance.now(),
    timer: (ms, scope) => {
      const { over, stop } = session.waits.timer(ms, scope);
      return { over: packResult(secrets, () => orThrow(over)), stop };
    },
    runApart: (state, work) => apart.run(state, work),
    stateApart: <T>() => apart.getStore() as T | undefined,
    waitScope: () => session.tests.scope,
    pause: (ms, scope) => packResult(secrets, () => orThrow(session.waits.pause(ms, scope))),
  };
  return answerWhileOpen(bridge, session.waits);
}

async function orThrow(verdict: Promise<LiveWorkerError | undefined>): Promise<null> {
  const error = await verdict;
  if (error) throw error;
  return null;
}

function snapshot({ prepared, runner, view }: SessionWorker): WorkerSnapshot {
  return {
    state: workerState(runner),
    pid: runner.running?.leader.pid,
    exit: runner.lastExit,
    env: prepared?.plan.env ?? {},
    logFiles: view.hasFiles ? { stdout: view.files.stdout.path, stderr: view.files.stderr.path } : undefined,
  };
}

async function start(session: TestFileSession, worker: SessionWorker): Promise<null> {
  await session.points.untilOver(worker);
  if (worker.runner.state.kind === 'ready') return null;
  await session.stopWorker(worker);
  await session.launcher.relaunch(worker, {});
  return null;
}

async function stop(session: TestFileSession, worker: SessionWorker) {
  await session.points.untilOver(worker);
  await session.stopWorker(worker);
  return worker.runner.lastExit ?? null;
}

async function restart(
  session: TestFileSession,
  worker: SessionWorker,
  env: Readonly<Record<string, string | null>>,
): Promise<null> {
  await session.points.untilOver(worker);
  await session.stopWorker(worker);
  await session.launcher.relaunch(worker, env);
  return null;
}

async function signalWorker(worker: SessionWorker, signal: NodeJS.Signals): Promise<null> {
  runningPid(worker, signal);
  await worker.runner.signal(signal);
  if (signal === 'SIGKILL') await worker.runner.kill();
  return null;
}

async function act(worker: SessionWorker, action: 'pause' | 'resume'): Promise<null> {
  runningPid(worker, action);
  await worker.runner[action]();
  return null;
}
