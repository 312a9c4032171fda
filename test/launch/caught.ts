import { LiveWorkerError } from '../../src/errors.ts';

/** The LiveWorkerError an action fails with. */
export async function caught(action: () => unknown): Promise<LiveWorkerError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof LiveWorkerError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
