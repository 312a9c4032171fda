import { LiveWorkerError } from '../../errors.ts';
import type { DeadLetter, QueueAddress } from '../../service/service.ts';
import type { Services } from '../../service/services.ts';
import { machineMs } from '../../tap/flow/machine-clock.ts';
import type { TapEntry, TapReading } from '../../tap/flow/tap-reading.ts';
import { deadLetterQueues, passesOn } from '../../tap/settled/dead-letter-queues.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import { addressOf, type TappedWorker } from './tapped-workers.ts';
import type { TestWindow } from './test-window.ts';

/** How often a rejected message is looked for: the broker takes a moment to move it. */
const mostLooks = 10;
const timeLimitMs = 1_000;

/** The parts of a session that it needs. */
interface WatchedSession {
  readonly workers: ReadonlyMap<string, SessionWorker>;
  readonly services: Services;
  readonly window: TestWindow;
}

interface GivenUp {
  readonly tapped: TappedWorker;
  readonly connection: number;
  readonly queue: string;
  /** Undefined where one of them has none. */
  messageIds: Set<string> | undefined;
  /** By the worker, for good. */
  isRejected: boolean;
  looks: number;
}

/** Finds the messages that ended among the dead letters while a test waits, unless the test itself looks there. */
export class DeadLetterWatch {
  readonly #session: WatchedSession;
  readonly #readings = new Map<string, TapReading>();
  readonly #messages = new Map<string, string | undefined>();
  readonly #places = new Map<string, readonly string[]>();
  #window = -1;
  #givenUp: GivenUp[] = [];

  constructor(session: WatchedSession) {
    this.#session = session;
  }

  /** @returns why there is no use in waiting on */
  async look(): Promise<LiveWorkerError | undefined> {
    const { window } = this.#session;
    if (this.#window !== window.number) {
      this.#window = window.number;
      this.#givenUp = [];
    }
    for (const worker of this.#session.workers.values()) {
      const tap = worker.prepared?.tap;
      if (tap) await this.#read({ worker, tap });
    }
    for (const givenUp of this.#givenUp) {
      const [dead] = await this.#find(givenUp);
      if (dead) return deadLettered(givenUp, dead);
    }
    this.#givenUp = this.#givenUp.filter(({ looks }) => looks < mostLooks);
    return undefined;
  }

  async #read(tapped: TappedWorker): Promise<void> {
    const { name } = tapped.worker.spec;
    const reading = await tapped.tap.read(this.#readings.get(name)?.last ?? 0);
    if (!reading) return;
    this.#readings.set(name, reading);
    for (const entry of reading.entries) this.#note(tapped, entry);
  }

  /** A queue may give up, too, what is returned to it too often. */
  #note(tapped: TappedWorker, entry: TapEntry): void {
    const keyOf = (delivery: number) => `${tapped.worker.spec.name} ${delivery}`;
    if (entry.kind === 'delivered' && !entry.noAck)
      this.#messages.set(keyOf(entry.delivery), entry.properties.messageId);
    if (entry.kind !== 'rejected' && entry.kind !== 'requeued' && entry.kind !== 'released') {
      if (entry.kind === 'acknowledged')
        for (const delivery of entry.deliveries) this.#messages.delete(keyOf(delivery));
      return;
    }
    const ids = entry.deliveries.map(delivery => this.#messages.get(keyOf(delivery)));
    for (const delivery of entry.deliveries) this.#messages.delete(keyOf(delivery));
    if (entry.atMs < this.#session.window.beganMs) return;
    const isKnown = ids.every(id => id !== undefined);
    const known = this.#givenUp.find(one => one.queue === entry.queue && one.tapped.worker === tapped.worker);
    const messageIds = isKnown ? new Set(ids as string[]) : undefined;
    if (!known)
      this.#givenUp.push({
        tapped,
        connection: entry.connection,
        queue: entry.queue,
        messageIds,
        isRejected: entry.kind === 'rejected',
        looks: 0,
      });
    else {
      known.looks = 0;
      known.isRejected ||= entry.kind === 'rejected';
      known.messageIds =
        known.messageIds && messageIds ? new Set([...known.messageIds, ...messageIds]) : undefined;
    }
  }

  async #find(givenUp: GivenUp): Promise<readonly DeadLetter[]> {
    const { tapped, queue, messageIds } = givenUp;
    const { services, window } = this.#session;
    const reading = this.#readings.get(tapped.worker.spec.name);
    const connection = reading?.connections.find(one => one.connection === givenUp.connection);
    if (!reading || !connection?.amqp || window.hasAskedForDead(queue)) return [];
    const { vhost } = connection.amqp;
    const address = addressOf(tapped, { listener: connection.listener, vhost, queue });
    if (!address) return [];
    givenUp.looks += 1;
    const lyingIn =
      deadLetterQueues(reading.declared, { vhost, queue }) ?? (await this.#ask(givenUp, address));
    return services.findDead('amqp', address, {
      lyingIn: lyingIn.filter(
        name => !window.hasAsked(name) && !passesOn(reading.declared, { vhost, queue: name }),
      ),
      messageIds,
      sinceMs: Date.now() - (machineMs() - window.beganMs),
      timeLeftMs: timeLimitMs,
    });
  }

  /** Only of what the worker itself gave up: it takes the broker some requests. */
  async #ask({ isRejected, tapped, queue }: GivenUp, address: QueueAddress): Promise<readonly string[]> {
    if (!isRejected) return [];
    const key = `${tapped.worker.spec.name} ${address.vhost} ${queue}`;
    const asked =
      this.#places.get(key) ??
      (await this.#session.services.askDeadLetterQueues('amqp', address, timeLimitMs));
    this.#places.set(key, asked);
    return asked;
  }
}

function deadLettered({ tapped, queue }: GivenUp, { queue: place, messageId, deaths }: DeadLetter) {
  const which = messageId === undefined ? '' : ` (${messageId})`;
  const { name } = tapped.worker.spec;
  return new LiveWorkerError(
    'DEAD_LETTERED',
    [
      `A message${which} of queue "${queue}", given up by worker "${name}", ended among the dead letters on "${place}"`,
      ...deaths.map(death => `  x-death: ${death}`),
      `Where that is to happen, give deadLetters: 'ignore', or look at "${place}" in the test itself`,
    ].join('\n'),
    { details: { worker: name, queue, deadLetterQueue: place, messageId: messageId ?? null } },
  );
}
