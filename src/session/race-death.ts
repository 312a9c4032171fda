type TestFunction = (this: unknown, ...args: unknown[]) => unknown;

/** The end of a worker, as tests and hooks are raced with it. */
export interface DeathWatch {
  /** Rejects when a worker ends unasked. */
  readonly promise: Promise<never>;
  /** The reason, once it has happened. */
  error(): Error | undefined;
  /** Once it has happened: fail without running, or, for hooks that clear up, run undisturbed. */
  readonly afterwards: 'fail' | 'run';
}

/**
 * The function of a test or hook, raced with the worker's end: what Jest waits for is over the moment the worker is. Jest
 * tells callback tests by the function's length and generators by its kind, so both are kept.
 */
export function raceDeath(fn: TestFunction, watch: DeathWatch): TestFunction {
  if (fn.length > 0) {
    return function (this: unknown, done: unknown) {
      return choose(fn, raceCallback(fn, watch.promise), watch).call(this, done);
    };
  }
  if (isGenerator(fn)) return raceGenerator(fn as unknown as GeneratorTest, watch);
  return function (this: unknown) {
    return choose(fn, raceReturned(fn, watch.promise), watch).call(this);
  };
}

function choose(plain: TestFunction, raced: TestFunction, watch: DeathWatch): TestFunction {
  const error = watch.error();
  if (error === undefined) return raced;
  if (watch.afterwards === 'fail') throw error;
  return plain;
}

function raceReturned(fn: TestFunction, death: Promise<never>): TestFunction {
  return function (this: unknown) {
    const returned = fn.call(this);
    return isThenable(returned) ? Promise.race([returned, death]) : returned;
  };
}

type GeneratorTest = (this: unknown) => Generator<unknown, unknown, unknown>;

function raceCallback(fn: TestFunction, death: Promise<never>): TestFunction {
  return function (this: unknown, done: unknown) {
    const callback = done as ((reason?: unknown) => void) & { fail?: (reason?: unknown) => void };
    let isDone = false;
    let isDead = false;
    const over = (reason?: unknown) => {
      isDone = true;
      if (!isDead) callback(reason);
    };
    if (callback.fail) Object.assign(over, { fail: callback.fail });
    death.catch(error => {
      isDead = !isDone;
      if (isDead) callback(error);
    });
    return fn.call(this, over);
  };
}

/** Jest runs generators through co, which waits for each promise they yield. */
function raceGenerator(fn: GeneratorTest, watch: DeathWatch): TestFunction {
  return function* (this: unknown) {
    const error = watch.error();
    if (error && watch.afterwards === 'fail') throw error;
    const steps = fn.call(this);
    let step = steps.next();
    while (!step.done) {
      let sent: unknown;
      try {
        const waited = waitedFor(step.value);
        sent = yield !error && waited ? Promise.race([waited, watch.promise]) : step.value;
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(sent);
    }
    return step.value;
  } as unknown as TestFunction;
}

/** What co waits for, among it lists of promises. */
function waitedFor(value: unknown): PromiseLike<unknown> | undefined {
  if (isThenable(value)) return value;
  return Array.isArray(value) && value.every(isThenable) ? Promise.all(value) : undefined;
}

function isGenerator(fn: TestFunction): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
