import type { ProcessExit } from '../process/running-worker.ts';

/** As it stands behind "it": `exited with code 3`, `was killed by SIGKILL`. */
export function describeExit({ code, signal }: ProcessExit): string {
  return signal === null ? `exited with code ${code}` : `was killed by ${signal}`;
}
