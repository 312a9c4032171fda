import type { ProcessExit } from '../process/running-worker.ts';

/** As it stands behind "it": `exited with code 3`, `was killed by SIGKILL`; `ended` when it is unknown how. */
export function describeExit({ code, signal }: ProcessExit): string {
  if (code === null && signal === null) return 'ended';
  return signal === null ? `exited with code ${code}` : `was killed by ${signal}`;
}
