import { LiveWorkerError, type LiveWorkerErrorCode } from '../errors.ts';
import type { Carried, CarriedError } from '../session/contract.ts';
import { adopt } from './adopt.ts';

type Caller = (...args: never[]) => unknown;

/** The value, or the error made anew in this realm with the stack of whoever called `caller`. */
export function unpack<T>(carried: Carried<T>, caller: Caller): T {
  if (carried.kind === 'value') return adopt(carried.value);
  const error = rebuild(carried.error);
  Error.captureStackTrace(error, caller);
  throw error;
}

/** The same for an answer that takes time: the stack is taken now, while the caller is still on it. */
export function unpackLater<T>(answer: Promise<Carried<T>>, caller: Caller): Promise<T> {
  const frames = framesAbove(caller);
  return answer.then(carried => {
    if (carried.kind === 'value') return adopt(carried.value);
    throw withFrames(rebuild(carried.error), frames);
  });
}

/** The stack of whoever called `caller`, without a headline. */
export function framesAbove(caller: Caller): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, caller);
  const { stack = '' } = holder;
  return stack.slice(stack.indexOf('\n    at ') + 1);
}

export function withFrames<E extends Error>(error: E, frames: string): E {
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}

function rebuild({ name, message, code, details }: CarriedError): Error {
  if (code !== undefined)
    return new LiveWorkerError(
      code as LiveWorkerErrorCode,
      message,
      details ? { details: adopt(details) } : {},
    );
  const error = new Error(message);
  error.name = name;
  return error;
}
