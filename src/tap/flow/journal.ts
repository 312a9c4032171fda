import { machineOffsetMs } from './machine-clock.ts';
import type { Declared, FactSink, TapFact } from './tap-fact.ts';
import type { TapConnectionReading, TapEntry, TapReading } from './tap-reading.ts';

/** Of one test: beyond that they are counted. */
const mostEntries = 10_000;
/** Dropped at once, so that not each new one moves all others. */
const slack = 1_000;
/** Beyond that nobody can tell which of them something belongs to. */
const mostOpen = 16;
const mostDeclared = 1_000;
const mostClosed = 200;

/** What follows from all connections of one worker, in the order it was seen. */
export class Journal {
  readonly #clockOffsetMs = machineOffsetMs();
  /** By delivery, the connections they came on. */
  readonly #open = new Map<number, number>();
  readonly #declared = new Map<string, Declared>();
  readonly #closed: TapConnectionReading[] = [];
  #entries: TapEntry[] = [];
  #counts: Partial<Record<TapEntry['kind'], number>> = {};
  #last = 0;
  #lastId = 0;
  #lastConnection = 0;

  /** A connection of the worker begins. */
  openConnection(): { readonly connection: number; readonly sink: FactSink } {
    this.#lastConnection += 1;
    const connection = this.#lastConnection;
    const sink: FactSink = {
      note: (fact, nowMs, open = this.#openNow()) => this.#note(fact, { connection, nowMs, open }),
      declare: declared => this.#declare(declared),
      newId: () => {
        this.#lastId += 1;
        return this.#lastId;
      },
      openDeliveries: () => this.#openNow(),
    };
    return { connection, sink };
  }

  /** What it was remains readable. */
  closeConnection(reading: TapConnectionReading): void {
    this.#closed.push(reading);
    if (this.#closed.length > mostClosed) this.#closed.shift();
  }

  /** @param atMs by the clock of the machine: what was noted before is forgotten */
  beginTest(atMs: number): void {
    this.#entries = this.#entries.filter(entry => entry.atMs >= atMs);
    this.#counts = {};
    for (const { kind } of this.#entries) this.#count(kind);
  }

  /** @param after the number of an entry */
  read(after: number, connections: readonly TapConnectionReading[]): TapReading {
    return {
      atMs: this.toMachineMs(performance.now()),
      last: this.#last,
      entries: this.#entries.filter(({ number }) => number > after),
      counts: { ...this.#counts },
      connections: [...this.#closed, ...connections],
      declared: [...this.#declared.values()],
    };
  }

  /** @param ms of `performance.now()` in this thread */
  toMachineMs(ms: number): number {
    return ms + this.#clockOffsetMs;
  }

  #note(
    fact: TapFact,
    {
      connection,
      nowMs,
      open,
    }: {
      readonly connection: number;
      readonly nowMs: number;
      readonly open: readonly number[] | undefined;
    },
  ): void {
    this.#follow(fact, connection);
    this.#last += 1;
    this.#count(fact.kind);
    this.#entries.push({
      ...this.#onMachineClock(fact),
      number: this.#last,
      atMs: this.toMachineMs(nowMs),
      connection,
      ...(open === undefined ? {} : { open }),
    });
    if (this.#entries.length >= mostEntries + slack) this.#entries.splice(0, slack);
  }

  #follow(fact: TapFact, connection: number): void {
    if (fact.kind === 'delivered' && !fact.noAck) this.#open.set(fact.delivery, connection);
    if ('deliveries' in fact) for (const delivery of fact.deliveries) this.#open.delete(delivery);
  }

  #onMachineClock(fact: TapFact): TapFact {
    return 'startedMs' in fact ? { ...fact, startedMs: this.toMachineMs(fact.startedMs) } : fact;
  }

  #declare(declared: Declared): void {
    const { vhost, queue } = declared;
    const binding = declared.kind === 'binding' ? [declared.exchange, declared.routingKey] : [];
    const key = JSON.stringify([declared.kind, vhost, queue, ...binding]);
    const known = this.#declared.get(key);
    // Who only asks for a queue says nothing of its arguments.
    if (known || this.#declared.size < mostDeclared) this.#declared.set(key, { ...known, ...declared });
  }

  #openNow(): readonly number[] | undefined {
    return this.#open.size > mostOpen ? undefined : [...this.#open.keys()];
  }

  #count(kind: TapEntry['kind']): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }
}
