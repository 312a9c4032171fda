import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { ownProgram } from '../files/package-folder.ts';
import type { WatchdogMessage } from '../records/watched-launch.ts';
import { packageLoader } from './package-loader.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

const inherited = ['PATH', 'SystemRoot'];
const fewThreads = '--v8-pool-size=1';

/** The watchdog of this process: modules of an environment live as long as the Jest process that loaded them. */
export function startWatchdog(): Watchdog {
  if (watchdog) return watchdog;
  const created = createWatchdog({ startProcess, say });
  process.once('exit', () => created.end());
  watchdog = created;
  return created;
}

let watchdog: Watchdog | undefined;

/**
 * The messages on its command line are there as soon as it is: Jest may be killed before it can write anything. What is
 * written to its stdin reaches it even when it is not up yet, so Jest does not wait for it.
 */
function startProcess(messages: readonly WatchdogMessage[]): ChildProcess {
  const words = messages.map(message => JSON.stringify(message));
  const program = ownProgram('watchdog/main.js');
  const child = spawn(process.execPath, [fewThreads, ...packageLoader(), program, ...words], {
    env: Object.fromEntries(
      inherited.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  child.unref();
  (child.stdin as Socket).unref();
  (child.stdout as Socket).unref();
  return child;
}

function say(text: string): void {
  process.stderr.write(`live-worker: ${text}\n`);
}
