import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import type { HeldWorker } from '../../records/held-worker.ts';
import { findHeldWorker } from '../../records/held-workers.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';

const pollMs = 20;
/** How long `run` may take to note how its worker ended. */
const exitNoteMs = 300;

/** Calls `onExit` when the leader is gone, with how it ended as far as `run` noted it. */
export function watchHeldWorker(
  held: HeldWorker,
  leader: ProcessIdentity,
  onExit: (exit: WorkerExit) => void,
): { close(): void } {
  const watch = setInterval(() => {
    if (isAlive(leader)) return;
    clearInterval(watch);
    void untilExitNoted(held).then(onExit);
  }, pollMs).unref();
  return { close: () => clearInterval(watch) };
}

/** `run` writes down how its worker ended; one that was killed together with it does not. */
async function untilExitNoted(held: HeldWorker): Promise<WorkerExit> {
  const deadline = performance.now() + exitNoteMs;
  for (;;) {
    const exit = readExit(held);
    if (exit) return exit;
    if (performance.now() > deadline) return { code: null, signal: null };
    await sleep(pollMs);
  }
}

function readExit({ launchPath, worker, id }: HeldWorker): WorkerExit | undefined {
  try {
    const lines = readFileSync(join(dirname(launchPath), 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    const events = lines.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const start = events.findLastIndex(
      ({ event, ...fields }) => event === 'worker.spawned' && fields.id === id,
    );
    const end = events
      .slice(start)
      .find(({ event, ...fields }) => event === 'worker.exited' && fields.worker === worker);
    return end && { code: end.code as number | null, signal: end.signal as NodeJS.Signals | null };
  } catch {
    return undefined;
  }
}

/** The descriptor of a `notify` probe leads to `run`, which notes when all probes were satisfied. */
export async function untilHeldReady(rootDir: string, worker: string, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    if (findHeldWorker(rootDir, worker)?.readyAtMs !== undefined) return;
    await sleep(pollMs, undefined, { ref: false });
  }
}
