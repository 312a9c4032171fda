import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { isSameSpace, readPidSpace } from '../process/table/pid-space.ts';
import { identifyProcess, isAlive } from '../process/table/process-identity.ts';
import type { SlotOwner } from './slot.ts';

/** `lw_0123456789ab_1` */
export const slotName = /^lw_([0-9a-f]{12})_\d+$/;

/** Begins what is written into every slot. */
const mark = 'live-worker slot ';

export function createSlotOwner(): SlotOwner {
  const { pid, startTime = 0 } = identifyProcess(process.pid);
  return {
    hex: randomBytes(6).toString('hex'),
    host: hostname(),
    space: readPidSpace(),
    pid,
    startTime,
  };
}

/** What is written into a slot: whose it is, of which project, and more of its kind. */
export function describeSlot(
  owner: SlotOwner,
  more: Readonly<Record<string, string>> & { readonly rootDir: string },
): string {
  return `${mark}${JSON.stringify({ ...owner, ...more })}`;
}

/** Undefined where it was not written by {@link describeSlot}. */
export function readSlotDescription(
  text: string | null | undefined,
): (SlotOwner & Readonly<Record<string, unknown>>) | undefined {
  if (!text?.startsWith(mark)) return undefined;
  try {
    const said = JSON.parse(text.slice(mark.length)) as SlotOwner & Readonly<Record<string, unknown>>;
    const { hex, pid, startTime, space } = said;
    const isWhole =
      typeof hex === 'string' &&
      Number.isInteger(pid) &&
      Number.isInteger(startTime) &&
      typeof space?.boot === 'string';
    return isWhole ? said : undefined;
  } catch {
    return undefined;
  }
}

/** A process of this machine and this boot, which is gone. Of any other nothing is known here. */
export function isKnownDead({ pid, startTime, space }: SlotOwner): boolean {
  return isSameSpace(space, readPidSpace()) && !isAlive({ pid, startTime: startTime || undefined });
}
