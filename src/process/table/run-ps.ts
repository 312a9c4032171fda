import { spawnSync } from 'node:child_process';

const largestTableBytes = 64 * 1024 * 1024;
const timeLimitMs = 5_000;

/** What ps(1) prints for these arguments, or undefined where there is none that can. */
export function runPs(args: readonly string[]): string | undefined {
  if (process.platform === 'win32') return undefined;
  const { stdout } = spawnSync('ps', args, {
    encoding: 'utf8',
    env: { PATH: `${process.env.PATH ?? ''}:/bin:/usr/bin`, LC_ALL: 'C', TZ: 'UTC' },
    maxBuffer: largestTableBytes,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: timeLimitMs,
  });
  return stdout || undefined;
}
