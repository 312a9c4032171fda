import type { ProcessExit } from '../process/running-worker.ts';
import type { Evidence } from './evidence.ts';

/** Undefined for a worker that was alive when it failed. */
export function exitOf({ failure }: Pick<Evidence, 'failure'>): ProcessExit | undefined {
  return failure.kind === 'exited' || failure.kind === 'died' ? failure.exit : undefined;
}
