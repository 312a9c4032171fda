import { isLiveWorkerError } from '../../errors.ts';
import { joinRun } from './run-membership.ts';

/** Resolves when no worker of the run has one of these turns. A supervisor that died has none. */
export async function yieldTurnsOfRun(turns: readonly string[]): Promise<void> {
  try {
    const client = await joinRun();
    await client.ask({ kind: 'yieldTurns', turns });
  } catch (error) {
    if (!isLiveWorkerError(error) || error.code !== 'SUPERVISOR_LOST') throw error;
  }
}
