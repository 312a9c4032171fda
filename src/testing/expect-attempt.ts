import type { SessionBridge } from '../session/contract.ts';
import { SnapshotAttempt, type SnapshotAttemptOptions } from './snapshot-attempt.ts';

/** Where every copy of `expect` in this realm keeps what it counts. */
const matchersKey = Symbol.for('$$jest-matchers-object');
const counters = ['assertionCalls', 'numPassingAsserts'] as const;

interface ExpectState {
  assertionCalls: number;
  numPassingAsserts: number;
  /** Of matchers that fail without throwing, as those of snapshots do. */
  suppressedErrors: readonly unknown[];
  [field: string]: unknown;
}

interface Matchers {
  state: ExpectState;
}

/** One attempt, with assertions and snapshots of its own: they count once it is kept. */
export class ExpectAttempt {
  readonly #bridge: SessionBridge;
  readonly #outer: ExpectState | undefined;
  readonly #before: ExpectState | undefined;
  readonly #own: ExpectState | undefined;
  readonly #snapshots: SnapshotAttempt | undefined;

  constructor(bridge: SessionBridge, options: SnapshotAttemptOptions) {
    this.#bridge = bridge;
    this.#outer = stateApart(bridge);
    if (!this.#outer) return;
    this.#before = { ...this.#outer, suppressedErrors: [] };
    this.#snapshots = SnapshotAttempt.of(this.#outer, options);
    this.#own = { ...this.#before };
    if (this.#snapshots) this.#own.snapshotState = this.#snapshots.state;
  }

  run<T>(fn: () => T): T {
    return this.#own ? this.#bridge.runApart(this.#own, fn) : fn();
  }

  /** What failed without throwing. */
  get suppressed(): readonly unknown[] {
    return this.#own?.suppressedErrors ?? [];
  }

  get isHeldBack(): boolean {
    return this.#snapshots?.isHeldBack ?? false;
  }

  /** As if `expect` had been called outside of an attempt; what failed without throwing is left to the caller. */
  keep(): void {
    const [outer, before, own] = [this.#outer, this.#before, this.#own];
    if (!outer || !before || !own) return;
    for (const name of counters) outer[name] += own[name] - before[name];
    for (const name of Object.keys(own))
      if (!isKeptApart(name) && own[name] !== before[name]) outer[name] = own[name];
    this.#snapshots?.keep();
  }

  drop(): void {
    this.#snapshots?.drop();
  }
}

function isKeptApart(name: string): boolean {
  return (
    name === 'suppressedErrors' || name === 'snapshotState' || counters.some(counter => counter === name)
  );
}

const apart = new WeakSet<object>();

/** What `expect` counts with now; from the first call on, each attempt has its own. */
function stateApart(bridge: SessionBridge): ExpectState | undefined {
  const matchers = (globalThis as { readonly [matchersKey]?: Matchers })[matchersKey];
  if (!matchers) return undefined;
  if (!apart.has(matchers)) {
    apart.add(matchers);
    let common = matchers.state;
    Object.defineProperty(matchers, 'state', {
      configurable: true,
      enumerable: true,
      get: () => bridge.stateApart() ?? common,
      set: (state: ExpectState) => {
        common = state;
      },
    });
  }
  return matchers.state;
}
