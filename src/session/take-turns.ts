import { attachTurnName, takeTurn, turnQueueName } from '../probe/rabbitmq/take-turn.ts';
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
  /** True for a worker that is not started but used where it runs: whoever holds it has its turn, so those who attach take turns among themselves. */
  isAttached(worker: string): boolean;
}

/**
 * Waits until this file may use all its queues alone. Brokers are taken in the order of their URLs and queues in the order
 * of their names, in every file, so that no two files wait for each other.
 */
export async function takeTurns(uses: readonly ServiceUse[], context: TurnContext): Promise<void> {
  const isAttached = (use: ServiceUse) => context.isAttached(use.worker);
  const launched = uses.filter(use => !isAttached(use));
  for (const [url, queues] of exclusiveQueues(launched))
    await takeTurnsOn({ url, queues, nameOf: turnQueueName }, context);
  for (const [url, queues] of exclusiveQueues(uses.filter(isAttached)))
    await takeTurnsOn({ url, queues, nameOf: attachTurnName }, context);
}

interface Turns {
  readonly url: string;
  readonly queues: readonly string[];
  readonly nameOf: (queue: string) => string;
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

async function takeTurnsOn({ url, queues, nameOf }: Turns, context: TurnContext): Promise<void> {
  const noteKey = (queue: string) => queueKey(url, nameOf(queue));
  const { services, notes, timeline, testPath, signal } = context;
  let waitingFor: string | undefined;
  const progress = reportProgress(seconds => {
    if (waitingFor === undefined) return undefined;
    const holder = notes.describeHolder(noteKey(waitingFor));
    return `${testPath} waits for its turn on queue "${waitingFor}" for ${seconds} s: ${holder} uses it`;
  });
  try {
    await takeTurn(services.broker(url), queues, {
      signal,
      nameOf,
      isClaimed: queue => notes.isClaimed(noteKey(queue)),
      onWait(queue) {
        waitingFor = queue;
        timeline.record('turn.waiting', { queue });
      },
      onTaken(queue) {
        waitingFor = undefined;
        notes.write(noteKey(queue), testPath);
        timeline.record('turn.taken', { queue });
      },
    });
  } finally {
    progress.stop();
  }
}
