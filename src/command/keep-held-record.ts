import { join } from 'node:path';
import { openHeldRecord } from '../records/held-workers.ts';
import type { TestFileSession } from '../session/test-file-session.ts';

const pollMs = 10;

/** Keeps the record by which test files find a worker that `run` holds: from before its start until its end. */
export function keepHeldRecord(
  session: TestFileSession,
  name: string,
  rootDir: string,
): { noteReady(): void; release(): void } {
  const record = openHeldRecord(rootDir, name);
  const worker = session.workers.get(name);
  let readyAtMs: number | undefined;
  let written = '';
  const write = () => {
    if (!worker) return;
    const { runner, view, prepared } = worker;
    const leader = runner.running?.leader;
    const held = {
      id: prepared?.plan.id ?? '',
      logPaths: { stdout: view.files.stdout.path, stderr: view.files.stderr.path },
      launchPath: join(session.folder, `${name}.launch.ndjson`),
      env: Object.keys(prepared?.plan.env ?? {}).sort(),
      ...(leader && { leader }),
      ...(readyAtMs !== undefined && { readyAtMs }),
    };
    const text = JSON.stringify(held);
    if (text !== written) record.update(held);
    written = text;
  };
  write();
  const timer = setInterval(write, pollMs);
  return {
    noteReady() {
      clearInterval(timer);
      readyAtMs = Date.now();
      write();
    },
    release() {
      clearInterval(timer);
      record.release();
    },
  };
}
