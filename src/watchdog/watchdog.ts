import type { ChildProcess } from 'node:child_process';
import type { WatchdogMessage, WatchedLaunch } from '../records/watched-launch.ts';
import { untilWritten } from './until-written.ts';

/** Who ends the launches of this process when it cannot do so itself. */
export interface Watchdog {
  /** Resolves when its process no longer dies of what ends Jest, or is not going to say so; at once where there is none. */
  untilUp(): Promise<void>;
  /** Tells of a launch, or more of one that is known. */
  watch(launch: WatchedLaunch): void;
  forget(id: string): void;
  /** This process ends: a process that never came up and has nothing to watch must not outlive it. */
  end(): void;
}

export interface WatchdogOptions {
  /** Starts a process that knows the messages from its first moment on. */
  readonly startProcess: (messages: readonly WatchdogMessage[]) => ChildProcess;
  /** How long it may take to write its first byte, in milliseconds. */
  readonly upLimitMs?: number;
  /** A line for the user. */
  readonly say: (text: string) => void;
}

const mostReplacements = 10;

/** Starts a process for the first launch it is told of, and another one with all of them should that one die. */
export function createWatchdog({ startProcess, say, upLimitMs = 5_000 }: WatchdogOptions): Watchdog {
  const launches = new Map<string, WatchedLaunch>();
  let up = Promise.resolve();
  let current: ChildProcess | undefined;
  let replacements = 0;
  let isUp = false;
  let isGivenUp = false;

  function start(): void {
    const child = startProcess([...launches.values()].map(watch => ({ watch })));
    up = untilWritten(child);
    current = child;
    child.once('exit', () => lose(child)).once('error', () => lose(child));
    child.stdin?.on('error', () => {});
    expectUp(child);
  }

  /** Where a user may have few threads, Node waits for ever for those it could not start, deaf to the end of its stdin. */
  function expectUp(child: ChildProcess): void {
    isUp = false;
    // The word may have come while this process was busy: it is read before this timer's immediate.
    const late = setTimeout(() => setImmediate(() => isUp || child.kill('SIGKILL')), upLimitMs).unref();
    child.stdout?.once('data', () => {
      isUp = true;
      clearTimeout(late);
    });
  }

  function lose(child: ChildProcess): void {
    if (child !== current) return;
    current = undefined;
    if (launches.size === 0) return;
    if (replacements === mostReplacements) {
      if (!isGivenUp)
        say(`no watchdog stays alive: should Jest be killed, the next run has to end its workers`);
      isGivenUp = true;
      return;
    }
    replacements += 1;
    start();
    if (replacements === 1)
      say(`the watchdog (pid ${child.pid}) has ended, live-worker did not stop it: another one took over`);
  }

  function send(message: WatchdogMessage): void {
    current?.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  return {
    untilUp: () => up,
    watch(launch) {
      launches.set(launch.id, launch);
      if (current) send({ watch: launch });
      else start();
    },
    forget(id) {
      if (launches.delete(id)) send({ forget: id });
    },
    end() {
      if (launches.size === 0 && !isUp) current?.kill('SIGKILL');
    },
  };
}
