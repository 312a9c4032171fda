import { join } from 'node:path';
import { ownProgram, packageFolder } from '../files/package-folder.ts';

/** Where the race runs: it is built into the environment's own file. */
const ownFiles = [ownProgram('index.js'), join(packageFolder(), 'src/jest/race-death.ts')];
const ownFrame = new RegExp(`\\n\\s+at [^\\n]*(?:${ownFiles.map(literally).join('|')}):\\d+:\\d+\\)?`, 'g');
const deepest = 5;

/** A test runs inside the race with its worker's end, whose frames tell its reader nothing. */
export function hideOwnFrames(collected: unknown, depth = 0): void {
  if (Array.isArray(collected)) {
    for (const error of collected) hideOwnFrames(error, depth);
    return;
  }
  if (typeof collected !== 'object' || collected === null || depth > deepest) return;
  const error = collected as {
    readonly stack?: unknown;
    readonly cause?: unknown;
    readonly errors?: unknown;
  };
  const { stack } = error;
  if (typeof stack === 'string' && ownFiles.some(file => stack.includes(file)))
    Reflect.set(error, 'stack', stack.replace(ownFrame, ''));
  hideOwnFrames(error.cause, depth + 1);
  if (Array.isArray(error.errors)) hideOwnFrames(error.errors, depth + 1);
}

function literally(path: string): string {
  return path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
