import type { LiveWorkerError } from '../../../errors.ts';
import type { Timeline } from '../../../records/timeline.ts';
import { queueKey } from '../../queue-ledger.ts';
import type { LockWatch } from './held-locks.ts';
import type { TurnNotes } from './turn-notes.ts';

export interface TurnsWatched {
  readonly notes: TurnNotes;
  readonly timeline: Timeline;
  /** From rootDir, as it stands in messages. */
  readonly testPath: string;
  /** The file is no longer alone on a queue. */
  readonly onGone: (error: LiveWorkerError) => void;
}

/** Says what becomes of the turns of a test file whose connection to the broker was lost: nothing of it is silent. */
export function watchTurns(url: string, { notes, timeline, testPath, onGone }: TurnsWatched): LockWatch {
  return {
    onLost: queues => timeline.record('turn.interrupted', { queues }),
    onRetaken(queues, tookMs) {
      timeline.record('turn.retaken', { queues, tookMs });
      const names = queues.map(queue => `"${queue}"`).join(', ');
      process.stderr.write(
        `live-worker: ${testPath}: the broker closed the connection that held the turn on ${names}; it was taken again after ${tookMs} ms\n`,
      );
    },
    onGone,
    isOurs: lock => notes.isOurs(queueKey(url, lock)),
  };
}
