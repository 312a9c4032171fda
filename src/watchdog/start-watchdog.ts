import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createWatchdog, type Watchdog } from './watchdog.ts';
import type { WatchdogMessage } from './watched-launch.ts';

const inherited = ['PATH', 'SystemRoot'];

/** The watchdog of this process: modules of an environment live as long as the Jest process that loaded them. */
export function startWatchdog(): Watchdog {
  watchdog ??= createWatchdog({ startProcess, say });
  return watchdog;
}

let watchdog: Watchdog | undefined;

/**
 * The messages on its command line are there as soon as it is: Jest may be killed before it can write anything. What is
 * written to its stdin reaches it even when it is not up yet, so nobody waits for it.
 */
function startProcess(messages: readonly WatchdogMessage[]): ChildProcess {
  const words = messages.map(message => JSON.stringify(message));
  const child = spawn(process.execPath, [join(__dirname, 'main.js'), ...words], {
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
