import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';

/** The disk of the logs, or another one the worker itself speaks of. */
export function diskFull(evidence: Evidence): Cause | undefined {
  const own = evidence.notes.find(note => note.startsWith('the disk of '));
  const line = findInOutput(evidence, /.*(?:ENOSPC|No space left on device|no space left on device).*/)?.[0];
  if (own === undefined && line === undefined) return undefined;
  return {
    text: own ?? `a disk it writes to is full: ${line}`,
    change: ['free space on that disk; old runs in .live-worker can go'],
  };
}
