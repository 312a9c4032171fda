import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import { selectProcessReader } from '../../process/table/select-process-reader.ts';

const lookEveryMs = 20;
/** Where ps(1) has to be run for it. */
const looksBetweenRunsOfPs = 50;

/** Tells once when the process of the run is gone, or another one has its number. Returns what ends the watch. */
export function watchRun(run: ProcessIdentity, onGone: () => void): () => void {
  let looks = 0;
  const look = () => {
    looks += 1;
    if (isStillThere(run, looks)) return;
    clearInterval(timer);
    onGone();
  };
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}

function isStillThere({ pid, startTime }: ProcessIdentity, looks: number): boolean {
  const isCheap = selectProcessReader().source === 'proc' || looks % looksBetweenRunsOfPs === 0;
  // Without a start time a signal that does nothing is all there is to ask with.
  return isAlive({ pid, startTime: isCheap ? startTime : undefined });
}
