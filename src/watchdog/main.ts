import { createInterface } from 'node:readline';
import type { WatchdogMessage, WatchedLaunch } from '../records/watched-launch.ts';
import { endLaunch } from './end-launch.ts';

const deafTo = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const timeLimitMs = 10_000;

/** The watchdog's own process. The end of its stdin means that Jest is gone, however it died. */
function main(): void {
  for (const signal of deafTo) process.on(signal, () => {});
  const launches = new Map<string, WatchedLaunch>();
  for (const word of process.argv.slice(2)) note(launches, word);
  let isEnding = false;
  const end = () => {
    if (!isEnding) void endAll([...launches.values()]);
    isEnding = true;
  };
  process.stdin.once('error', end);
  process.stdout.on('error', () => {});
  process.stdout.write('up\n');
  createInterface({ input: process.stdin })
    .on('line', line => note(launches, line))
    .on('close', end);
}

/** A line that was cut off by Jest's death says nothing. */
function note(launches: Map<string, WatchedLaunch>, line: string): void {
  try {
    const message = JSON.parse(line) as WatchdogMessage;
    if ('watch' in message) launches.set(message.watch.id, message.watch);
    else launches.delete(message.forget);
  } catch {
    return;
  }
}

async function endAll(launches: readonly WatchedLaunch[]): Promise<void> {
  setTimeout(() => process.exit(1), timeLimitMs).unref();
  await Promise.allSettled(launches.map(endLaunch));
  process.exit(0);
}

main();
