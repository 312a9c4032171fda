import { headlineOf, LiveWorkerError, type LiveWorkerErrorCode } from '../errors.ts';
import type { Packed, PackedError } from '../session/contract.ts';
import { copyIntoRealm } from './copy-into-realm.ts';

type Caller = (...args: never[]) => unknown;

/** The value, or the error made anew in this realm with the stack above `caller`. */
export function unpack<T>(carried: Packed<T>, caller: Caller): T {
  if (carried.kind === 'value') return copyIntoRealm(carried.value);
  throw withFrames(rebuild(carried.error), framesAbove(caller));
}

/** The same for an answer that takes time: the stack is taken now, while the caller is still on it. */
export function unpackLater<T>(answer: Promise<Packed<T>>, caller: Caller): Promise<T> {
  const frames = framesAbove(caller);
  return answer.then(carried => {
    if (carried.kind === 'value') return copyIntoRealm(carried.value);
    throw withFrames(rebuild(carried.error), frames);
  });
}

/** The same with a stack that was taken before. */
export async function unpackFramed<T>(answer: Promise<Packed<T>>, frames: string): Promise<T> {
  const carried = await answer;
  if (carried.kind === 'value') return copyIntoRealm(carried.value);
  throw rebuildWith(carried.error, frames);
}

/** The error of a pause that was cut short. */
export async function errorOfPause(pause: Promise<Packed<null>>): Promise<PackedError | undefined> {
  const carried = await pause;
  return carried.kind === 'error' ? carried.error : undefined;
}

export function rebuildWith(error: PackedError, frames: string): Error {
  return withFrames(rebuild(error), frames);
}

/** The stack of the test file above `caller`, without a headline. */
export function framesAbove(caller: Caller): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, caller);
  const { stack = '' } = holder;
  const start = stack.indexOf('\n    at ');
  return start < 0 ? '' : stack.slice(start + 1);
}

export function withFrames<E extends Error>(error: E, frames: string): E {
  error.stack = `${headlineOf(error)}\n${frames}`;
  return error;
}

function rebuild({ name, message, code, details }: PackedError): Error {
  if (code !== undefined)
    return new LiveWorkerError(
      code as LiveWorkerErrorCode,
      message,
      details ? { details: copyIntoRealm(details) } : {},
    );
  const error = new Error(message);
  error.name = name;
  return error;
}
