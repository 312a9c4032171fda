import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findPrlimit } from './find-prlimit.ts';

/** No other program sets this limit to numbers of that size. */
const smallest = 2 ** 44;
const timeLimitMs = 2_000;
const attempts = 3;

/**
 * The number of a launch. Its processes carry it as their soft limit of file locks, which Linux has not looked at since 2.4:
 * fork, exec and setsid keep it, and a user who may not look into a process may still read its limits.
 */
export function limitMarkOf(id: string): number {
  return smallest + createHash('sha256').update(id).digest().readUIntBE(0, 5);
}

/** The limit of a process; undefined where there is none, or no /proc. */
export function readLimitMark(pid: number | 'self'): number | undefined {
  const soft = /^Max file locks +(\d+) /m.exec(readLimits(pid))?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/**
 * Starts a process with the mark of a launch: this process has it for that moment, and no longer, at the price of two
 * processes that are waited for. Without prlimit(1) of util-linux it is started without one.
 */
export function withLimitMark<T>(id: string, start: () => T): T {
  const before = ownLimit();
  if (before?.hard !== 'unlimited' || !setOwnLimit(String(limitMarkOf(id)))) return start();
  try {
    return start();
  } finally {
    for (let count = 0; count < attempts && !setOwnLimit(before.soft); ) count += 1;
  }
}

/** True when the processes this one starts may take any mark, and lay it down again. */
export function isOwnLimitFree(): boolean {
  return ownLimit()?.hard === 'unlimited';
}

function ownLimit(): { readonly soft: string; readonly hard: string } | undefined {
  const [, soft, hard] = /^Max file locks +(\S+) +(\S+)/m.exec(readLimits('self')) ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

function setOwnLimit(soft: string): boolean {
  const prlimit = findPrlimit();
  if (prlimit === undefined) return false;
  const { status } = spawnSync(prlimit, ['--pid', String(process.pid), `--locks=${soft}:`], {
    env: {},
    stdio: 'ignore',
    timeout: timeLimitMs,
  });
  return status === 0;
}

function readLimits(pid: number | 'self'): string {
  try {
    return readFileSync(`/proc/${pid}/limits`, 'latin1');
  } catch {
    return '';
  }
}
