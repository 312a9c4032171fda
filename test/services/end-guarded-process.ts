import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedProcess } from './start-guarded-process.ts';

const graceMs = 10_000;

/** Politely to the leader, then by force to its group. */
export async function endGuardedProcess(
  { child, ended }: GuardedProcess,
  signalName: NodeJS.Signals,
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signalName);
  const polite = await Promise.race([ended, sleep(graceMs)]);
  if (polite !== undefined) return;
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}
