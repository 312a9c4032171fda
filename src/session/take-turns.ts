import { takeTurn } from '../probe/rabbitmq/take-turn.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { reportProgress } from './progress.ts';
import { queueKey } from './queue-ledger.ts';
import type { ServiceUse } from './service-uses.ts';
import type { Services } from './services.ts';
import type { TurnNotes } from './turn-notes.ts';

export interface TurnContext {
  readonly services: Services;
  readonly notes: TurnNotes;
  readonly timeline: Timeline;
  /** From rootDir, as it stands in progress lines. */
  readonly testPath: string;
  readonly signal: AbortSignal;
}

/**
 * Waits until this file may use all its queues alone. Brokers are taken in the order of their URLs and queues in the order
 * of their names, in every file, so that no two files wait for each other.
 */
export async function takeTurns(uses: readonly ServiceUse[], context: TurnContext): Promise<void> {
  for (const [url, queues] of exclusiveQueues(uses)) {
    await takeTurnsOn(url, queues, context);
  }
}

function exclusiveQueues(uses: readonly ServiceUse[]): readonly (readonly [string, readonly string[]])[] {
  const byUrl = new Map<string, Set<string>>();
  for (const use of uses) {
    if (use.kind !== 'rabbitmq' || use.probe.share) continue;
    const queues = byUrl.get(use.url) ?? new Set();
    for (const queue of use.probe.queues) queues.add(queue);
    byUrl.set(use.url, queues);
  }
  return [...byUrl]
    .sort(([one], [other]) => (queueKey(one, '') < queueKey(other, '') ? -1 : 1))
    .map(([url, queues]) => [url, [...queues]]);
}

async function takeTurnsOn(url: string, queues: readonly string[], context: TurnContext): Promise<void> {
  const { services, notes, timeline, testPath, signal } = context;
  let waitingFor: string | undefined;
  const progress = reportProgress(seconds => {
    if (waitingFor === undefined) return undefined;
    const holder = notes.describeHolder(queueKey(url, waitingFor));
    return `${testPath} waits for its turn on queue "${waitingFor}" for ${seconds} s: ${holder} uses it`;
  });
  try {
    await takeTurn(services.broker(url), queues, {
      signal,
      onWait(queue) {
        waitingFor = queue;
        timeline.record('turn.waiting', { queue });
      },
      onTaken(queue) {
        waitingFor = undefined;
        notes.write(queueKey(url, queue), testPath);
        timeline.record('turn.taken', { queue });
      },
    });
  } finally {
    progress.stop();
  }
}
