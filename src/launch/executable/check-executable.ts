import { closeSync, openSync, readSync } from 'node:fs';
import { launchError } from '../launch-error.ts';
import { checkFile, type Refusal } from './check-file.ts';
import { checkFormat } from './check-format.ts';
import { checkShebang } from './check-shebang.ts';
import type { PathContext } from './find-on-path.ts';

/** Where a program is about to run, and for which worker. */
export interface RunContext extends PathContext {
  readonly worker: string;
  readonly platform: NodeJS.Platform;
}

/** Asks everything the kernel will ask, because its own answers mislead. @throws LiveWorkerError EXECUTABLE_UNUSABLE */
export async function checkExecutable(
  file: string,
  context: RunContext,
): Promise<{ readonly interpreter?: string }> {
  const result = await check(file, context);
  if (!('what' in result)) return result;
  throw launchError('EXECUTABLE_UNUSABLE', context.worker, {
    what: `"${file}" ${result.what}`,
    next: result.next,
    details: { option: `workers.${context.worker}.command`, file, reason: result.what },
  });
}

async function check(
  file: string,
  context: RunContext,
): Promise<Refusal | { readonly interpreter?: string }> {
  const refusal = checkFile(file);
  if (refusal !== undefined) return refusal;
  const head = context.platform === 'win32' ? undefined : readHead(file);
  // Execute-only files run, although this user may not read them.
  if (head === undefined) return {};
  if (head.toString('latin1', 0, 2) === '#!') return checkShebang(head, context);
  return checkFormat(file, head, context.platform) ?? {};
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
