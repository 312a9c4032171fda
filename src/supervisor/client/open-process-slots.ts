import type { SlotLease, SlotRequest } from '../../service/slot-lease.ts';
import { openSlots } from './open-slots.ts';

const held = new Map<string, Promise<SlotLease>>();

/**
 * Slots for all test files of this process, or of this thread of it, which share workers in them: they go with the process, or with the
 * run.
 *
 * @throws the codes of `openSlots`
 */
export async function openProcessSlots(request: SlotRequest): Promise<SlotLease> {
  const key = keyOf(request);
  const known = held.get(key);
  const opening = known ?? openSlots(request);
  held.set(key, opening);
  const forget = () => {
    if (held.get(key) === opening) held.delete(key);
  };
  if (!known) opening.then(({ lost }) => lost.then(forget), forget);
  const lease = await opening;
  return { slots: lease.slots, lost: lease.lost, keep: () => lease.keep(), end() {} };
}

function keyOf({ rootDir, isolate, places }: SlotRequest): string {
  return JSON.stringify([rootDir, isolate, places.map(({ kind, place }) => [kind, place])]);
}
