import { notice } from '../../../text/notice.ts';
import type { ClientContext } from '../../service.ts';
import { queueKey } from '../queues/expected-consumers.ts';
import { explainLostTurn } from './explain-lost-turn.ts';
import type { LockWatch } from './held-locks.ts';
import type { TurnNotes } from './turn-notes.ts';

interface TurnsWatched extends Pick<ClientContext, 'timeline' | 'testPath' | 'onLost'> {
  readonly notes: TurnNotes;
}

/** Says what becomes of the turns of a test file whose connection to the broker was lost: nothing of it is silent. */
export function watchTurns(url: string, { notes, timeline, testPath, onLost }: TurnsWatched): LockWatch {
  return {
    onLost: queues => timeline.record('turn.interrupted', { queues }),
    onRetaken(queues, tookMs) {
      timeline.record('turn.retaken', { queues, tookMs });
      const names = queues.map(queue => `"${queue}"`).join(', ');
      notice(
        `${testPath}: the broker closed the connection that held the turn on ${names}; it was taken again after ${tookMs} ms`,
      );
    },
    onGone: error => onLost(error, explainLostTurn(error)),
    isOurs: lock => notes.isOurs(queueKey(url, lock)),
  };
}
