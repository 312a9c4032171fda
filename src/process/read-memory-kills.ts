import { readFileSync } from 'node:fs';

/** How many processes the kernel has killed for want of memory since boot, those of containers included; undefined where it does not count. */
export function readMemoryKills(): number | undefined {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
