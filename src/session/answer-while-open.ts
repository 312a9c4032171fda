import { AsyncResource } from 'node:async_hooks';
import type { Packed, SessionBridge } from './contract.ts';
import type { Waits } from './waits/waits.ts';

type Asking = {
  [Name in keyof SessionBridge]: SessionBridge[Name] extends (...words: never[]) => Promise<unknown>
    ? Name
    : never;
}[keyof SessionBridge];

/** The calls a test may forget to wait for. */
const asking: Readonly<Record<Exclude<Asking, 'pause' | 'runApart'>, true>> = {
  waitForLog: true,
  startWorker: true,
  stopWorker: true,
  restartWorker: true,
  signalWorker: true,
  pauseWorker: true,
  resumeWorker: true,
  workerStacks: true,
  callService: true,
  untilSettled: true,
  lookForDead: true,
  flow: true,
  armCrash: true,
  untilReached: true,
  recording: true,
  cutConnections: true,
  loseAnswer: true,
};

/**
 * The same bridge, on which no answer comes after the file's end, and what is asked then is not begun. What is asked is done
 * outside of the test's asynchronous context: a connection or a module that is there for longer would keep the test file.
 */
export function answerWhileOpen(bridge: SessionBridge, waits: Waits): SessionBridge {
  const outside = new AsyncResource('live-worker');
  const entries = Object.entries(bridge).map(([name, answer]) =>
    name in asking
      ? [
          name,
          (...words: unknown[]) =>
            waits.answer(() => outside.runInAsyncScope(answer as Ask, undefined, ...words)),
        ]
      : [name, answer],
  );
  return Object.fromEntries(entries) as SessionBridge;
}

type Ask = (...words: unknown[]) => Promise<Packed<unknown>>;
