/**
 * Holds servers for another process: reads a GuardedPlan from the first line of standard input, carries it out, and
 * undoes it when standard input ends, which it does however that other process died.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { GuardedPlan, GuardianMessage } from './guarded-plan.ts';
import { GuardedServers } from './guarded-servers.ts';

const released = new AbortController();
const lines = createInterface({ input: process.stdin });
lines.once('close', () => released.abort());
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => lines.close());
process.stdout.on('error', () => undefined);

void guard().then(
  succeeded => process.exit(succeeded ? 0 : 1),
  () => process.exit(1),
);

async function guard(): Promise<boolean> {
  const [line] = await once(lines, 'line', { signal: released.signal });
  const plan: GuardedPlan = JSON.parse(line);
  const servers = new GuardedServers(plan, released.signal);
  try {
    await servers.start();
    tell({ kind: 'started' });
    await servers.untilReleased();
  } catch (error) {
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
  return servers.stop();
}

function tell(message: GuardianMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
