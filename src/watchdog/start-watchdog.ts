import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createWatchdog, type Watchdog } from './watchdog.ts';

const inherited = ['PATH', 'SystemRoot'];

/** The watchdog of this process: modules of an environment live as long as the Jest process that loaded them. */
export function startWatchdog(): Watchdog {
  watchdog ??= createWatchdog(startProcess);
  return watchdog;
}

let watchdog: Watchdog | undefined;

/** What is written to its stdin reaches it even when it is not up yet, so nobody waits for it. */
function startProcess(): ChildProcess {
  const child = spawn(process.execPath, [join(__dirname, 'main.js')], {
    env: Object.fromEntries(
      inherited.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}
