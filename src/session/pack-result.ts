import { isLiveWorkerError } from '../errors.ts';
import { maskError } from '../secrets/mask-error.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Packed, PackedError } from './contract.ts';

/** Runs `work` and packs what comes of it, so that neither an error object nor a secret crosses between realms. */
export async function packResult<T>(secrets: Secrets, work: () => Promise<T>): Promise<Packed<T>> {
  try {
    return { kind: 'value', value: await work() };
  } catch (error) {
    return { kind: 'error', error: packError(maskError(error, secrets)) };
  }
}

/** The same for what answers at once. */
export function packResultSync<T>(secrets: Secrets, work: () => T): Packed<T> {
  try {
    return { kind: 'value', value: work() };
  } catch (error) {
    return { kind: 'error', error: packError(maskError(error, secrets)) };
  }
}

export function packError(error: unknown): PackedError {
  if (isLiveWorkerError(error)) {
    return { name: error.name, message: error.message, code: error.code, details: error.details };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}
