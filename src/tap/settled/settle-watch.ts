import type { Declared } from '../flow/tap-fact.ts';
import type { TapConnectionReading, TapEntry, TapReading } from '../flow/tap-reading.ts';
import { CountedEntries } from './counted-entries.ts';
import { describeTarget, describeTraffic } from './describe-traffic.ts';
import { heldBack, openWork, type PidOf } from './open-work.ts';
import type { TrafficFilter } from './traffic-filter.ts';
import type { Blind, Delayed, Unsettled } from './unsettled.ts';

export interface SettleTerms {
  readonly worker: string;
  /** When the test began, by the clock of the machine. */
  readonly beganMs: number;
  /** What went on before is not what kept it from settling. */
  readonly waitsSinceMs: number;
  readonly filter: TrafficFilter;
  readonly isDelayIgnored: boolean;
}

/** A queue whose messages are waited for. */
export interface WatchedQueue {
  readonly listener: string;
  readonly vhost: string;
  readonly queue: string;
}

/** Of the vhost its URL names, where that is not said. */
interface QueueName {
  readonly vhost: string | undefined;
  readonly queue: string;
}

/** A task of Celery that the worker was sent. */
export interface SentTask {
  readonly task: string;
  readonly queue: string;
}

/** What one worker has done since a test began, read bit by bit, and what of it is not over. */
export class SettleWatch {
  readonly #terms: SettleTerms;
  readonly #counted: CountedEntries;
  readonly #delayed: (Delayed & { readonly dueMs: number })[] = [];
  readonly #noAck = new Set<string>();
  readonly #tasks = new Map<string, SentTask>();
  readonly #traffic = new Map<string, { times: number; lastMs: number }>();
  readonly #expiring = new Map<string, number>();
  #reading: TapReading | undefined;
  #lastMs = 0;

  constructor(terms: SettleTerms) {
    this.#terms = terms;
    this.#counted = new CountedEntries(terms.filter, terms.beganMs);
  }

  /** The last entry that is known. */
  get last(): number {
    return this.#reading?.last ?? 0;
  }

  /** When it did something that counts, by the clock of the machine; 0 for never. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** The tasks of Celery it was sent since the test began. */
  get tasks(): readonly SentTask[] {
    return [...this.#tasks.values()];
  }

  take(reading: TapReading): void {
    const isComplete = this.#reading === undefined || reading.entries.length >= reading.last - this.last;
    this.#reading = reading;
    for (const entry of reading.entries) if (entry.atMs >= this.#terms.beganMs) this.#note(entry);
    // More than is kept came meanwhile.
    if (!isComplete) this.#lastMs = reading.atMs;
  }

  /** What is open, what is delayed apart. */
  open(pidOf: PidOf = () => undefined): readonly Unsettled[] {
    const { worker, filter } = this.#terms;
    const terms = { worker, filter, counted: this.#counted, nowMs: this.#reading?.atMs ?? 0, pidOf };
    return this.#connections().flatMap(connection => openWork(connection, terms));
  }

  /** What waits for its time. */
  delayed(nowMs: number): readonly Delayed[] {
    const { filter, isDelayIgnored } = this.#terms;
    if (isDelayIgnored) return [];
    const held = this.#connections().flatMap(connection => heldBack(connection, { filter, nowMs }));
    return [...held, ...this.#delayed.filter(({ dueMs }) => dueMs > nowMs)];
  }

  /** When the last of what was kept back came due: what follows from it takes a moment to be seen. */
  dueBefore(nowMs: number): number {
    if (this.#terms.isDelayIgnored) return 0;
    return Math.max(0, ...this.#delayed.map(({ dueMs }) => dueMs).filter(dueMs => dueMs <= nowMs));
  }

  /**
   * When a message of a queue that nobody consumes goes on by itself, at the latest.
   *
   * @param firstMs since when it has messages
   * @param expiresMs when one expires that somebody else published there
   */
  dueOn({ vhost, queue }: QueueName, firstMs: number, expiresMs?: number): number | undefined {
    const declared = (this.#reading?.declared ?? []).find(
      one => isIn(vhost, one.vhost) && one.queue === queue && passesOn(one),
    );
    if (!declared) return undefined;
    const { ttlMs } = declared as Extract<Declared, { readonly kind: 'queue' }>;
    return this.#expiring.get(queue) ?? expiresMs ?? (ttlMs === undefined ? undefined : firstMs + ttlMs);
  }

  /** Those it consumes from, and those it declared whose messages go on by themselves. */
  queues(): readonly WatchedQueue[] {
    const listeners = new Map(
      this.#connections().flatMap(({ listener, amqp }) => (amqp ? [[amqp.vhost, listener]] : [])),
    );
    const passing = (this.#reading?.declared ?? []).flatMap(declared => {
      const listener = listeners.get(declared.vhost);
      if (listener === undefined || !passesOn(declared)) return [];
      return [{ listener, vhost: declared.vhost, queue: declared.queue }];
    });
    return [...this.#consumed(), ...passing].filter(({ queue }) => !this.#terms.filter.ignoresQueue(queue));
  }

  /** By which a Celery worker is asked. */
  controlQueues(): readonly WatchedQueue[] {
    return this.#consumed().filter(({ queue }) => queue.endsWith('.pidbox'));
  }

  isConsumed({ vhost, queue }: QueueName): boolean {
    return this.#connections().some(
      ({ amqp }) =>
        amqp !== undefined &&
        isIn(vhost, amqp.vhost) &&
        amqp.consumers.some(consumer => consumer.queue === queue),
    );
  }

  /** What cannot be seen, but for tasks. */
  blind(): readonly Blind[] {
    const { worker } = this.#terms;
    const pipes = this.#connections().flatMap(({ notUnderstood: why }) =>
      why === undefined ? [] : [{ kind: 'not-understood' as const, worker, why }],
    );
    return [...[...this.#noAck].map(queue => ({ kind: 'no-ack' as const, worker, queue })), ...pipes];
  }

  /** What went on since the wait began, most often first. */
  busy(): readonly Unsettled[] {
    const { worker } = this.#terms;
    return [...this.#traffic]
      .map(([what, { times, lastMs }]) => ({ kind: 'busy' as const, worker, what, times, lastMs }))
      .toSorted((one, other) => other.times - one.times);
  }

  #connections(): readonly TapConnectionReading[] {
    return (this.#reading?.connections ?? []).filter(({ isOpen }) => isOpen);
  }

  #consumed(): readonly WatchedQueue[] {
    return this.#connections().flatMap(({ listener, amqp }) =>
      (amqp?.consumers ?? []).map(({ queue }) => ({ listener, vhost: amqp?.vhost ?? '/', queue })),
    );
  }

  #note(entry: TapEntry): void {
    if (!this.#counted.counts(entry)) return;
    this.#lastMs = Math.max(this.#lastMs, entry.atMs);
    if (entry.atMs >= this.#terms.waitsSinceMs) {
      const what = describeTraffic(entry);
      this.#traffic.set(what, { times: (this.#traffic.get(what)?.times ?? 0) + 1, lastMs: entry.atMs });
    }
    if (entry.kind === 'published') this.#notePublished(entry);
    if (entry.kind !== 'delivered') return;
    const { queue, noAck, properties } = entry;
    if (noAck) this.#noAck.add(queue);
    const { task } = properties;
    if (task !== undefined && !noAck) this.#tasks.set(`${queue} ${task}`, { task, queue });
  }

  #notePublished(entry: TapEntry & { readonly kind: 'published' }): void {
    const { exchange, routingKey, properties, atMs } = entry;
    const { delayMs = 0, expirationMs } = properties;
    if (delayMs > 0) {
      const what = `a message to ${describeTarget(entry)}, delayed by ${delayMs} ms`;
      this.#delayed.push({ kind: 'delayed', what, dueMs: atMs + delayMs });
    }
    if (expirationMs !== undefined && exchange === '') this.#expiring.set(routingKey, atMs + expirationMs);
  }
}

function passesOn(declared: Declared): declared is Extract<Declared, { readonly kind: 'queue' }> {
  return declared.kind === 'queue' && declared.deadLetterExchange !== undefined;
}

function isIn(asked: string | undefined, vhost: string): boolean {
  return asked === undefined || asked === vhost;
}
