import { LiveWorkerError } from '../../errors.ts';
import type { LeftBehind } from '../../service/service.ts';
import { notice } from '../../text/notice.ts';
import type { SharedWorker } from './shared-worker.ts';

/**
 * Does with what dead workers left for these what their option `leftover` says. Before they are spawned: they would take it.
 *
 * @param fresh with their launches prepared
 * @throws LEFTOVER_MESSAGES, SERVICE_UNAVAILABLE
 */
export async function clearLeftovers(fresh: readonly SharedWorker[], stopping: AbortSignal): Promise<void> {
  const after = fresh.filter(({ project }) => project.hadDeath);
  const found = new Map<string, readonly LeftBehind[]>();
  for (const { spec, launcher, worker, project, ending } of after) {
    const uses = worker.prepared?.uses ?? [];
    await launcher.preflight(uses, [worker], AbortSignal.any([ending, stopping]));
    const left = await project.services.takeLeftBehind(uses, { isPurged: spec.leftover === 'purge' });
    if (left.length === 0 || spec.leftover === 'ignore') continue;
    if (spec.leftover === 'purge') notice(`worker "${spec.name}": ${describe(left)}, purged`);
    else found.set(spec.name, left);
  }
  if (found.size > 0) throw leftoverMessages(found);
}

/** The end of a worker that no test file was told, with what it left: the file that is told one is told both. Never throws. */
export async function withLeftovers(
  death: LiveWorkerError,
  { spec, worker, project }: SharedWorker,
): Promise<LiveWorkerError> {
  if (spec.leftover !== 'fail') return death;
  const uses = worker.prepared?.uses ?? [];
  const left = await project.services.takeLeftBehind(uses, { isPurged: false }).catch(() => []);
  if (left.length === 0) return death;
  return new LiveWorkerError(death.code, `${death.message}\nalso seen: ${describe(left)}`, {
    details: { ...death.details, left },
  });
}

function leftoverMessages(found: ReadonlyMap<string, readonly LeftBehind[]>): LiveWorkerError {
  const left = [...found.values()].flat();
  const workers = [...found.keys()];
  const names = workers.map(name => `"${name}"`).join(', ');
  return new LiveWorkerError(
    'LEFTOVER_MESSAGES',
    [
      `Cannot start worker ${names} again: ${describe(left)}`,
      'cause:  it died there, and a fresh worker would take them first, in this file; the next file has one that does',
      "change: see there why it died; leftover: 'purge' on the worker drops them, leftover: 'ignore' lets the fresh one take them",
    ].join('\n'),
    { details: { workers, left } },
  );
}

/** `2 messages left by a.test.js on "default"` */
function describe(left: readonly LeftBehind[]): string {
  return left
    .map(({ queue, messages, files }) => {
      const count = messages === 1 ? '1 message' : `${messages} messages`;
      return `${count} left by ${files.join(' or ')} on "${queue}"`;
    })
    .join(', ');
}
