import { readFileSync } from 'node:fs';
import type { ProcessEntry } from './process-entry.ts';
import { readCommandLine } from './process-table.ts';

/** A process as it stands in messages. */
export interface ProcessDetails {
  readonly pid: number;
  /** With its secrets: mask it before it is printed. */
  readonly command: string;
  readonly ageSeconds: number;
}

/** Ticks in /proc/PID/stat are hundredths of a second on every Linux that Node supports. */
const ticksPerSecond = 100;

export function readProcessDetails({ pid, startTime }: ProcessEntry): ProcessDetails {
  return {
    pid,
    command: readCommandLine(pid) || nameOf(pid),
    ageSeconds: Math.max(0, readUptimeSeconds() - startTime / ticksPerSecond),
  };
}

/** A zombie has no words any more, and a process that is gone not even a name. */
function nameOf(pid: number): string {
  try {
    return `[${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}]`;
  } catch {
    return '[ended meanwhile]';
  }
}

function readUptimeSeconds(): number {
  try {
    return Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
  } catch {
    return 0;
  }
}
