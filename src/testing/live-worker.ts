import type { LogStream } from '../session/contract.ts';
import { crashHandle } from './crash/crash-handle.ts';
import { parseCrashPoint } from './crash/parse-crash-point.ts';
import { sessionBridge } from './session-bridge.ts';
import { toPatternSource } from './to-pattern-source.ts';
import { framesAbove, unpack, unpackFramed, unpackLater } from './unpack.ts';
import type { WorkerHandle, WorkerLogs } from './worker-handle.ts';

/**
 * The handle of one of this file's workers.
 *
 * @throws WORKER_UNKNOWN with the names there are; NOT_IN_ENVIRONMENT
 */
export function liveWorker(name: string): WorkerHandle {
  const bridge = sessionBridge();
  const state = () => unpack(bridge.workerState(name), liveWorker);
  state();
  return {
    name,
    logs: workerLogs(name),
    get pid() {
      return state().pid;
    },
    get state() {
      return state().state;
    },
    get exit() {
      return state().exit;
    },
    get env() {
      return state().env;
    },
    async start() {
      await unpackLater(bridge.startWorker(name), this.start);
    },
    async stop() {
      return (await unpackLater(bridge.stopWorker(name), this.stop)) ?? undefined;
    },
    async restart({ env = {} } = {}) {
      await unpackLater(bridge.restartWorker(name, { ...env }), this.restart);
    },
    async kill(signal = 'SIGKILL') {
      await unpackLater(bridge.signalWorker(name, signal), this.kill);
    },
    async crashAt(place) {
      const frames = framesAbove(this.crashAt);
      const point = parseCrashPoint(place, frames);
      return crashHandle(bridge, await unpackFramed(bridge.armCrash(name, point), frames));
    },
    stacks() {
      return unpackLater(bridge.workerStacks(name), this.stacks);
    },
    async pause() {
      await unpackLater(bridge.pauseWorker(name), this.pause);
    },
    async resume() {
      await unpackLater(bridge.resumeWorker(name), this.resume);
    },
  };
}

function workerLogs(name: string): WorkerLogs {
  const bridge = sessionBridge();
  const files = () => {
    const known = unpack(bridge.workerState(name), liveWorker).logFiles;
    // Reading what is not there throws, and says why.
    return known ?? (unpack(bridge.logText(name, 'both', 'start'), liveWorker) as never);
  };
  return {
    get files() {
      return files();
    },
    text(stream: LogStream = 'both') {
      return unpack(bridge.logText(name, stream, 'start'), this.text);
    },
    sinceTestStart(stream: LogStream = 'both') {
      return unpack(bridge.logText(name, stream, 'test'), this.sinceTestStart);
    },
    waitFor(pattern, { stream = 'both', ...options } = {}) {
      return unpackLater(bridge.waitForLog(name, toPatternSource(pattern), stream, options), this.waitFor);
    },
  };
}
