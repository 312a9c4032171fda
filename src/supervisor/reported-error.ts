import { isLiveWorkerError, LiveWorkerError } from '../errors.ts';
import type { ReportedError } from './protocol.ts';

/** An error as it goes over the socket; its stack stays in `supervisor.log`. */
export function packError(error: unknown): ReportedError {
  if (isLiveWorkerError(error)) return { code: error.code, message: error.message, details: error.details };
  return { message: error instanceof Error ? error.message : String(error) };
}

export function unpackError({ code, message, details = {} }: ReportedError): Error {
  return code === undefined ? new Error(message) : new LiveWorkerError(code, message, { details });
}
