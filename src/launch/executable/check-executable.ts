import { closeSync, openSync, readSync } from 'node:fs';
import { launchError } from '../launch-error.ts';
import { checkFormat } from './check-format.ts';
import { checkShebang } from './check-shebang.ts';
import type { PathPlace } from './find-on-path.ts';
import { judgeFile, type Refusal } from './judge-file.ts';

/** Where and for whom a program is about to run. */
export interface RunPlace extends PathPlace {
  readonly worker: string;
  readonly platform: NodeJS.Platform;
}

/** Asks everything the kernel will ask, because its own answers mislead. @throws LiveWorkerError EXECUTABLE_UNUSABLE */
export async function checkExecutable(
  file: string,
  place: RunPlace,
): Promise<{ readonly interpreter?: string }> {
  const result = await judge(file, place);
  if (!('what' in result)) return result;
  throw launchError('EXECUTABLE_UNUSABLE', place.worker, {
    what: `"${file}" ${result.what}`,
    next: result.next,
    details: { option: `workers.${place.worker}.command`, file, reason: result.what },
  });
}

async function judge(file: string, place: RunPlace): Promise<Refusal | { readonly interpreter?: string }> {
  const refusal = judgeFile(file);
  if (refusal !== undefined) return refusal;
  const head = place.platform === 'win32' ? undefined : readHead(file);
  // Execute-only files run, although nobody may look into them.
  if (head === undefined) return {};
  if (head.toString('latin1', 0, 2) === '#!') return checkShebang(head, place);
  return checkFormat(file, head, place.platform) ?? {};
}

function readHead(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const head = Buffer.alloc(4096);
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
