import { isLiveWorkerError } from '../errors.ts';
import type { Secrets } from './secrets.ts';

/** The very error, with every secret in its message, its stack, its fields and its causes as `***`, and no control character but colours in them. */
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
  const { message, stack } = error;
  for (const name of ['message', ...Object.keys(error)]) {
    const value: unknown = Reflect.get(error, name);
    if (name !== 'code' && isText(value)) Reflect.set(error, name, shown(value, secrets));
  }
  // Behind the name of the error, what begins a line of the message does not.
  if (typeof stack === 'string')
    Reflect.set(error, 'stack', secrets.show(stack.replace(message, () => error.message)));
}

function shown(text: string | readonly string[], secrets: Secrets): string | readonly string[] {
  return typeof text === 'string' ? secrets.show(text) : text.map(word => secrets.mask(word));
}

/** A command line as Node notes it is a list: `spawnargs`. */
function isText(value: unknown): value is string | readonly string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every(item => typeof item === 'string'));
}
