import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';

const leastFreeMemory = 0.2;
/** Of the time of all cores, a quarter of one core at least: else what boots slows down the tests. */
const leastIdleCores = 0.25;

interface Times {
  readonly idle: number;
  readonly all: number;
}

/** Whether the machine has room for a worker that nobody waits for, looked at between two calls. */
export class MachineRoom {
  #before = times();

  /** @param isAsked by a number: only memory is looked at */
  hasRoom({ isAsked }: { readonly isAsked: boolean }): boolean {
    const before = this.#before;
    const now = times();
    this.#before = now;
    const all = now.all - before.all;
    const idleCores = all <= 0 ? 0 : ((now.idle - before.idle) / all) * availableParallelism();
    return (isAsked || idleCores >= leastIdleCores) && freeMemory() >= leastFreeMemory;
  }
}

function times(): Times {
  const each = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idle,
    all: user + nice + sys + idle + irq,
  }));
  return {
    idle: each.reduce((sum, { idle }) => sum + idle, 0),
    all: each.reduce((sum, { all }) => sum + all, 0),
  };
}

/** What Linux can give away without swapping; its free memory alone is what no file was read into. */
function freeMemory(): number {
  try {
    const text = readFileSync('/proc/meminfo', 'utf8');
    const kilobytes = Number(/^MemAvailable:\s+(\d+)/m.exec(text)?.[1]);
    if (Number.isFinite(kilobytes)) return (kilobytes * 1024) / totalmem();
  } catch {
    // Not Linux.
  }
  return freemem() / totalmem();
}
