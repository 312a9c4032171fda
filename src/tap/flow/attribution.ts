import { isHeldBack } from '../settled/held-back.ts';
import type { FlowProof } from './flow-entry.ts';
import type { TapEntry, TapReading } from './tap-reading.ts';

export interface Attributed {
  readonly via: FlowProof;
  readonly delivery: number | { readonly oneOf: readonly number[] } | undefined;
}

export interface AttributionTerms {
  /** The test, by the clock of the machine. */
  readonly beganMs: number;
  /** Tests ran at once: nobody knows which of them published what. */
  readonly isConcurrent: boolean;
  /** Nobody else uses the worker. */
  readonly isAlone: boolean;
  readonly published: ReadonlySet<string>;
  readonly publishedBefore: ReadonlySet<string>;
  pidBehind(connection: number): number | undefined;
}

/** Which delivery what a worker did belongs to, and how that is known to be of the running test; never guessed. */
export class Attribution {
  readonly #terms: AttributionTerms;
  /** By delivery: the connections they came on, and whose they are. */
  readonly #connections = new Map<number, number>();
  readonly #proofs = new Map<number, FlowProof>();
  readonly #held = new Set<number>();
  readonly #ofTransactions = new Map<number, Set<number>>();

  constructor(entries: readonly TapEntry[], { connections }: TapReading, terms: AttributionTerms) {
    this.#terms = terms;
    for (const { connection, amqp } of connections)
      for (const one of amqp?.deliveries ?? []) {
        this.#connections.set(one.delivery, connection);
        if (isHeldBack(one, one.atMs)) this.#held.add(one.delivery);
      }
    for (const entry of entries) {
      if (entry.kind !== 'delivered') continue;
      this.#connections.set(entry.delivery, entry.connection);
      this.#proofs.set(entry.delivery, this.#proofOf(entry.properties.messageId));
      if (isHeldBack(entry, entry.atMs)) this.#held.add(entry.delivery);
    }
    for (const entry of entries) {
      if (entry.kind !== 'statement' || entry.transaction === undefined) continue;
      const known = this.#ofTransactions.get(entry.transaction) ?? new Set<number>();
      for (const delivery of this.#candidates(entry) ?? []) known.add(delivery);
      this.#ofTransactions.set(entry.transaction, known);
    }
  }

  /** One for each delivery that an entry is about. */
  of(entry: TapEntry): readonly Attributed[] {
    switch (entry.kind) {
      case 'delivered':
        return [this.#toDelivery(entry.delivery)];
      case 'acknowledged':
      case 'rejected':
      case 'requeued':
      case 'released':
        return entry.deliveries.map(delivery => this.#toDelivery(delivery));
      case 'published':
      case 'returned':
        return [this.#toOneOf(this.#candidates(entry) ?? [])];
      case 'statement':
        return [this.#since(entry, this.#candidates(entry) ?? [])];
      case 'transaction':
        return [this.#since(entry, [...(this.#ofTransactions.get(entry.transaction) ?? [])])];
      default:
        return entry satisfies never;
    }
  }

  #proofOf(messageId: string | undefined): FlowProof {
    const { isConcurrent, published, publishedBefore } = this.#terms;
    if (isConcurrent) return 'none';
    if (messageId !== undefined && published.has(messageId)) return 'exact';
    return messageId !== undefined && publishedBefore.has(messageId) ? 'none' : this.#otherwise;
  }

  get #otherwise(): FlowProof {
    return this.#terms.isAlone && !this.#terms.isConcurrent ? 'window' : 'none';
  }

  /** One that came before the test began is none of its doing. */
  #toDelivery(delivery: number): Attributed {
    return { delivery, via: this.#proofs.get(delivery) ?? 'none' };
  }

  /** What began before the test is none of its doing, unless it is of one of its messages. */
  #since({ startedMs }: { readonly startedMs: number }, candidates: readonly number[]): Attributed {
    if (candidates.length > 0 || startedMs >= this.#terms.beganMs) return this.#toOneOf(candidates);
    return { delivery: undefined, via: 'none' };
  }

  #toOneOf(candidates: readonly number[]): Attributed {
    const [first] = candidates;
    if (first === undefined) return { delivery: undefined, via: this.#otherwise };
    if (candidates.length === 1) return this.#toDelivery(first);
    const proofs = new Set(candidates.map(delivery => this.#toDelivery(delivery).via));
    const [only] = proofs;
    const via = proofs.size === 1 && only ? only : proofs.has('none') ? 'none' : 'window';
    return { delivery: { oneOf: candidates }, via };
  }

  /** Those that were open when it began: of its own process, if that has any. */
  #candidates({ open, connection }: TapEntry): readonly number[] | undefined {
    const active = open?.filter(delivery => !this.#held.has(delivery));
    if (!active || active.length <= 1) return active;
    const { pidBehind } = this.#terms;
    const pid = pidBehind(connection);
    if (pid === undefined) return active;
    const own = active.filter(delivery => {
      const from = this.#connections.get(delivery);
      return from !== undefined && pidBehind(from) === pid;
    });
    return own.length > 0 ? own : active;
  }
}
