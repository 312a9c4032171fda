import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from './process-entry.ts';

/** PF_EXITING and PF_SIGNALED of linux/sched.h. */
const exitingFlags = 0x4 | 0x400;
const flagsField = 6;
const killBit = 0x100n;

/**
 * True for a process whose end is settled though it is not over: SIGKILL waits for it, or it is on its way out. Linux takes
 * milliseconds for that, and until then its parent hears of no exit. False where there is no /proc.
 */
export function isDying({ pid }: ProcessIdentity): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const flags = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[flagsField]);
    return (flags & exitingFlags) !== 0 || isKillPending(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function isKillPending(status: string): boolean {
  return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([\da-f]+)$/gm)].some(
    ([, mask]) => (BigInt(`0x${mask}`) & killBit) !== 0n,
  );
}
