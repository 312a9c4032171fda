import { carry, carrySync } from './carry.ts';
import type { SessionBridge, WorkerSnapshot, WorkerState } from './contract.ts';
import { findWorker, runningPid } from './find-worker.ts';
import { serviceBridge } from './service-bridge.ts';
import type { SessionWorker, TestFileSession } from './test-file-session.ts';
import { untilLogged } from './until-logged.ts';

/** What the sandbox sees of a session. */
export function createBridge(session: TestFileSession): SessionBridge {
  const named = (name: string) => findWorker(session, name);
  return {
    ...serviceBridge(session),
    workers: [...session.workers.keys()],
    workerState: name => carrySync(() => snapshot(named(name))),
    logText: (name, stream, since) => carrySync(() => named(name).view.text(stream, since)),
    waitForLog: (name, pattern, stream, options) =>
      carry(() =>
        untilLogged(named(name), {
          pattern,
          stream,
          timeoutMs: options.timeoutMs ?? session.clock.timeLeftMs(),
        }),
      ),
    startWorker: name => carry(() => start(session, named(name))),
    stopWorker: name => carry(() => stop(session, named(name))),
    restartWorker: (name, env) => carry(() => restart(session, named(name), env)),
    signalWorker: (name, signal) => carry(() => signalWorker(named(name), signal as NodeJS.Signals)),
    pauseWorker: name => carrySync(() => act(named(name), 'pause')),
    resumeWorker: name => carrySync(() => act(named(name), 'resume')),
    timeLeftMs: () => session.clock.timeLeftMs(),
    now: () => performance.now(),
    sleep: ms => new Promise(resolve => setTimeout(resolve, ms).unref()),
  };
}

function snapshot({ runner, view }: SessionWorker): WorkerSnapshot {
  return {
    state: stateOf(runner),
    pid: runner.running?.leader.pid,
    exit: runner.lastExit,
    env: runner.prepared?.plan.env ?? {},
    logFiles: { stdout: view.files.stdout.path, stderr: view.files.stderr.path },
  };
}

function stateOf({ state, lastExit }: SessionWorker['runner']): WorkerState {
  switch (state.kind) {
    case 'idle':
      return 'waiting';
    case 'spawning':
    case 'probing':
      return 'starting';
    case 'ready':
      return 'ready';
    case 'stopping':
      return lastExit ? 'exited' : 'stopping';
    case 'stopped':
      return 'stopped';
    default:
      return state satisfies never;
  }
}

async function start(session: TestFileSession, worker: SessionWorker): Promise<null> {
  if (worker.runner.state.kind === 'ready') return null;
  await session.stopWorker(worker);
  await session.relaunch(worker, {});
  return null;
}

async function stop(session: TestFileSession, worker: SessionWorker) {
  await session.stopWorker(worker);
  return worker.runner.lastExit ?? null;
}

async function restart(
  session: TestFileSession,
  worker: SessionWorker,
  env: Readonly<Record<string, string | null>>,
): Promise<null> {
  await session.stopWorker(worker);
  await session.relaunch(worker, env);
  return null;
}

async function signalWorker(worker: SessionWorker, signal: NodeJS.Signals): Promise<null> {
  runningPid(worker, signal);
  worker.runner.signal(signal);
  if (signal === 'SIGKILL') await worker.runner.kill();
  return null;
}

function act(worker: SessionWorker, action: 'pause' | 'resume'): null {
  runningPid(worker, action);
  worker.runner[action]();
  return null;
}
