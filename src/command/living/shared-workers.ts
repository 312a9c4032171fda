import { isLiveWorkerError } from '../../errors.ts';
import { listSupervisors } from '../../supervisor/client/list-supervisors.ts';
import type { SharedWorkerStatus } from '../../supervisor/protocol.ts';

/** A worker that test files share, and how long it is going to live. */
export interface SharedWorkerFound extends SharedWorkerStatus {
  readonly supervisor: number;
  /** Milliseconds, null for as long as watch mode lasts; undefined while its run goes on. */
  readonly keptForMs?: number | null;
}

/** Those of every supervisor of this user; none where the folder of their sockets cannot be trusted. */
export async function findSharedWorkers(): Promise<readonly SharedWorkerFound[]> {
  const supervisors = await listSupervisors().catch(unlessUnsafe);
  for (const { client } of supervisors) client.end();
  return supervisors.flatMap(({ status: { pid, workers, keptForMs } }) =>
    workers.map(worker => ({
      ...worker,
      supervisor: pid,
      ...(keptForMs === undefined ? {} : { keptForMs }),
    })),
  );
}

function unlessUnsafe(error: unknown): readonly never[] {
  if (isLiveWorkerError(error) && error.code === 'SUPERVISOR_UNSAFE') return [];
  throw error;
}

export function describeSharing({ files, keptForMs, supervisor }: SharedWorkerFound): string {
  const by = `supervisor pid ${supervisor}`;
  if (files.length > 0) return `used by ${files.join(', ')}; ${by}`;
  if (keptForMs === undefined) return `shared by the files of a run, used by none now; ${by}`;
  const time =
    keptForMs === null ? 'as long as watch mode lasts' : `for ${Math.ceil(keptForMs / 1_000)} s more`;
  return `kept ${time}, until the next run or live-worker stop; ${by}`;
}
