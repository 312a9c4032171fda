import { isJestChild } from '../../records/run-identity.ts';

const reasons = new Set<unknown>();

/**
 * A process jest-worker forked would run its test file to the end after its parent was killed. A listener keeps such a
 * process from ending by itself, so there is one only while there is a reason: a launch, or a lease.
 */
export function followParent(reason: unknown): void {
  reasons.add(reason);
  listen();
}

export function leaveParent(reason: unknown): void {
  reasons.delete(reason);
  listen();
}

/** Ends this process where its parent is gone already: it is told of that in the turn of the event loop after the next one. */
export async function untilParentHeard(): Promise<void> {
  if (!isJestChild()) return;
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
  if (!process.connected) endAtOnce();
}

function listen(): void {
  process.off('disconnect', endAtOnce);
  if (reasons.size > 0 && isJestChild()) process.on('disconnect', endAtOnce);
}

function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
