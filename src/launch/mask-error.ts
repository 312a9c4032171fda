import { isLiveWorkerError } from '../errors.ts';
import type { Secrets } from './secrets.ts';

/** The very error, with every secret in its message, its stack, its fields and its causes as `***`. */
export function maskError<T>(error: T, secrets: Secrets): T {
  for (
    let link: unknown = error, depth = 0;
    link instanceof Error && depth < 10;
    link = link.cause, depth += 1
  )
    maskOne(link, secrets);
  return error;
}

function maskOne(error: Error, secrets: Secrets): void {
  if (isLiveWorkerError(error)) Reflect.set(error, 'details', secrets.maskData(error.details));
  for (const name of ['message', 'stack', ...Object.keys(error)]) {
    const value: unknown = Reflect.get(error, name);
    if (name !== 'code' && isText(value)) Reflect.set(error, name, secrets.maskData(value));
  }
}

/** A command line as Node notes it is a list: `spawnargs`. */
function isText(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every(item => typeof item === 'string'));
}
