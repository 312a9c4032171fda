import { notice } from '../../text/notice.ts';
import type { SharedWorker } from './shared-worker.ts';

/** True for one that lives and is still made of the files it was started from; of another one of an earlier run the user is told why. */
export async function reuse(shared: SharedWorker): Promise<boolean> {
  const { exit, files, isOfEarlierRun, spec, users } = shared;
  if (!shared.isUsable) {
    if (isOfEarlierRun && exit)
      notice(`worker "${spec.name}" is started anew: it ended after the last run, ${how(exit)}`);
    return false;
  }
  if (!isOfEarlierRun) return true;
  const changed = await files?.findChange();
  if (changed === undefined || users.size > 0) {
    shared.isOfEarlierRun = false;
    return true;
  }
  notice(`worker "${spec.name}" is started anew: ${changed} has changed since it was started`);
  return false;
}

function how({ code, signal }: NonNullable<SharedWorker['exit']>): string {
  return code === null ? `by ${signal ?? 'an unknown signal'}` : `with code ${code}`;
}
