/** As far as the two versions of Jest have it in common. */
interface SnapshotState {
  match(...words: unknown[]): unknown;
  fail(...words: unknown[]): unknown;
  _updateSnapshot?: 'all' | 'new' | 'none';
  _attemptRecordsByTest?: WeakMap<object, object>;
}

interface SnapshotContext {
  readonly [field: string]: unknown;
  readonly snapshotState?: unknown;
  readonly currentTestIdentity?: unknown;
}

export interface SnapshotAttemptOptions {
  /** Whether `--updateSnapshot` writes what does not match; before, it is to be tried again. */
  readonly mayUpdate: boolean;
}

/** The snapshots that one attempt looks at, counts and writes: undone unless it is kept. */
export class SnapshotAttempt {
  /** What matchers are to take for Jest's. */
  readonly state: object;
  readonly #jests: SnapshotState;
  readonly #identity: object | undefined;
  #restore: (() => void) | undefined;
  readonly #mayUpdate: boolean;
  #isOver = false;
  #isHeldBack = false;

  /** Undefined outside of a test file of Jest. */
  static of(
    { snapshotState, currentTestIdentity }: SnapshotContext,
    options: SnapshotAttemptOptions,
  ): SnapshotAttempt | undefined {
    if (typeof snapshotState !== 'object' || snapshotState === null) return undefined;
    const identity = typeof currentTestIdentity === 'function' ? currentTestIdentity() : undefined;
    return new SnapshotAttempt(snapshotState as SnapshotState, identity as object | undefined, options);
  }

  private constructor(
    jests: SnapshotState,
    identity: object | undefined,
    { mayUpdate }: SnapshotAttemptOptions,
  ) {
    this.#jests = jests;
    this.#identity = identity;
    this.#mayUpdate = mayUpdate;
    this.state = Object.create(jests, {
      match: { value: (...words: unknown[]) => this.#record(() => jests.match(...words)) },
      fail: { value: (...words: unknown[]) => this.#record(() => jests.fail(...words)) },
    });
  }

  /** True when something that does not match was not written, though Jest is to write it. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  keep(): void {
    this.#isOver = true;
  }

  drop(): void {
    this.#isOver = true;
    this.#restore?.();
  }

  /** What was left running of an attempt that is over leaves no trace. */
  #record<T>(work: () => T): T {
    const restore = this.#isOver || !this.#restore ? this.#save() : this.#restore;
    if (!this.#isOver) this.#restore = restore;
    const result = this.#mayUpdate ? work() : this.#holdBack(work);
    if (this.#isOver) restore();
    return result;
  }

  #holdBack<T>(work: () => T): T {
    const jests = this.#jests;
    if (jests._updateSnapshot !== 'all') return work();
    jests._updateSnapshot = 'new';
    try {
      const result = work();
      this.#isHeldBack ||= (result as { readonly pass?: unknown }).pass === false;
      return result;
    } finally {
      jests._updateSnapshot = 'all';
    }
  }

  #save(): () => void {
    const restoreState = saveFields(this.#jests);
    const records = this.#jests._attemptRecordsByTest;
    const record = this.#identity && records?.get(this.#identity);
    const restoreRecord = record && saveFields(record);
    return () => {
      restoreState();
      if (restoreRecord) restoreRecord();
      else if (this.#identity) records?.delete(this.#identity);
    };
  }
}

function saveFields(holder: object): () => void {
  const saved = Object.entries(holder).map(([name, value]) => [name, copy(value)] as const);
  return () => {
    for (const [name, value] of saved) Reflect.set(holder, name, copy(value));
  };
}

/** Of collections one level deep, of any realm; anything else is itself. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return [...value];
  switch (Object.prototype.toString.call(value)) {
    case '[object Map]':
      return new Map(value as Map<unknown, unknown>);
    case '[object Set]':
      return new Set(value as Set<unknown>);
    case '[object Object]':
      return Object.assign(Object.create(Object.getPrototypeOf(value)), value);
    default:
      return value;
  }
}
