import { setTimeout as sleep } from 'node:timers/promises';
import { reportProgress } from '../../../probe/report-progress.ts';
import type { Timeline } from '../../../records/timeline.ts';
import { notice } from '../../../text/notice.ts';
import type { TurnTerms } from '../../service.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { queueKey } from '../queues/expected-consumers.ts';
import type { RabbitmqUse } from '../rabbitmq-use.ts';
import { describeHolder, isHeldByRun } from './describe-holder.ts';
import { attachTurnName, takeTurn, turnQueueName } from './take-turn.ts';
import { announceHolder, readHolder } from './turn-holder.ts';
import type { TurnNote, TurnNotes } from './turn-notes.ts';
import { hearWaiters } from './wanted-turns.ts';

const announceAfterMs = 2_000;
const askLimitMs = 1_000;

export interface TurnContext extends TurnTerms {
  readonly notes: TurnNotes;
  readonly timeline: Pick<Timeline, 'record'>;
  /** From rootDir, as it stands in progress lines. */
  readonly testPath: string;
  connect(url: string): BrokerConnection;
}

/**
 * Waits until this file may use all its queues alone. Brokers are taken in the order of their URLs and queues in the order
 * of their names, in every file, so that no two files wait for each other.
 */
export async function takeTurns(uses: readonly RabbitmqUse[], context: TurnContext): Promise<void> {
  const isAttached = (use: RabbitmqUse) => context.isAttached(use.worker);
  const launched = uses.filter(use => !isAttached(use));
  const attached = uses.filter(isAttached);
  for (const [url, queues] of exclusiveQueues(launched))
    await takeTurnsOn({ url, queues, nameOf: turnQueueName, workersOn: workersOf(launched) }, context);
  // Who attaches already has no advice to get.
  for (const [url, queues] of exclusiveQueues(attached))
    await takeTurnsOn({ url, queues, nameOf: attachTurnName, workersOn: () => [] }, context);
}

interface Turns {
  readonly url: string;
  readonly queues: readonly string[];
  readonly nameOf: (queue: string) => string;
  readonly workersOn: (queue: string) => readonly string[];
}

function workersOf(uses: readonly RabbitmqUse[]): Turns['workersOn'] {
  return queue => uses.flatMap(({ spec, worker }) => (spec.queues.includes(queue) ? [worker] : []));
}

function exclusiveQueues(uses: readonly RabbitmqUse[]): readonly (readonly [string, readonly string[]])[] {
  const byUrl = new Map<string, Set<string>>();
  for (const use of uses) {
    if (use.spec.share) continue;
    const queues = byUrl.get(use.url) ?? new Set();
    for (const queue of use.spec.queues) queues.add(queue);
    byUrl.set(use.url, queues);
  }
  return [...byUrl]
    .sort(([one], [other]) => (queueKey(one, '') < queueKey(other, '') ? -1 : 1))
    .map(([url, queues]) => [url, [...queues]]);
}

async function takeTurnsOn({ url, queues, nameOf, workersOn }: Turns, context: TurnContext): Promise<void> {
  const noteKey = (queue: string) => queueKey(url, nameOf(queue));
  const { notes, timeline, testPath, signal } = context;
  const broker = context.connect(url);
  let waitingFor: string | undefined;
  const findHolder = async (queue: string) =>
    notes.read(noteKey(queue)) ?? (await askForHolder(broker, nameOf(queue)));
  const describe = (queue: string, seconds: number, holder: TurnNote | undefined) => {
    const waiting = { testPath, folder: notes.folder, workers: workersOn(queue) };
    return `${testPath} waits for its turn on queue "${queue}" for ${seconds} s: ${describeHolder(holder, waiting)}`;
  };
  const progress = reportProgress(async seconds => {
    const queue = waitingFor;
    return queue === undefined ? undefined : describe(queue, seconds, await findHolder(queue));
  });
  try {
    await takeTurn(broker, queues, {
      signal,
      nameOf,
      isClaimed: queue => notes.isClaimed(noteKey(queue)),
      onWait(queue) {
        waitingFor = queue;
        timeline.record('turn.waiting', { queue });
        const holder = notes.read(noteKey(queue));
        if (isHeldByRun(holder)) notice(describe(queue, 0, holder));
      },
      onTaken(queue) {
        waitingFor = undefined;
        const { onWanted } = context;
        if (onWanted) hearWaiters(broker, nameOf(queue), () => onWanted(queueKey(url, queue)));
        announceLater(notes.write(noteKey(queue), testPath), nameOf(queue), broker, signal);
        timeline.record('turn.taken', { queue });
      },
    });
  } finally {
    progress.stop();
  }
}

/** No waiting file asks sooner, and most files are over by then. */
function announceLater(note: TurnNote, lock: string, broker: BrokerConnection, signal: AbortSignal): void {
  const timer = setTimeout(() => {
    announceHolder(broker, lock, JSON.stringify(note)).catch(() => {});
  }, announceAfterMs).unref();
  signal.addEventListener('abort', () => clearTimeout(timer));
}

async function askForHolder(broker: BrokerConnection, lock: string): Promise<TurnNote | undefined> {
  const late = sleep(askLimitMs, undefined, { ref: false });
  return parseNote(await Promise.race([readHolder(broker, lock).catch(() => undefined), late]));
}

function parseNote(text: string | undefined): TurnNote | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as TurnNote);
  } catch {
    return undefined;
  }
}
