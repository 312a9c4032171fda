type TestFunction = (this: unknown, ...args: unknown[]) => unknown;

/** The end of a worker, as tests and hooks are raced with it. */
export interface DeathWatch {
  /** Calls `watcher` when a worker ends unasked. */
  watch(watcher: (error: Error) => void): { stop(): void };
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
      return choose(fn, raceCallback(fn, watch), watch).call(this, done);
    };
  }
  if (isGenerator(fn)) return raceGenerator(fn as unknown as GeneratorTest, watch);
  return function (this: unknown) {
    return choose(fn, raceReturned(fn, watch), watch).call(this);
  };
}

function choose(plain: TestFunction, raced: TestFunction, watch: DeathWatch): TestFunction {
  const error = watch.error();
  if (error === undefined) return raced;
  if (watch.afterwards === 'fail') throw error;
  return plain;
}

function raceReturned(fn: TestFunction, watch: DeathWatch): TestFunction {
  return function (this: unknown) {
    const returned = fn.call(this);
    return isThenable(returned) ? orDeath(returned, watch) : returned;
  };
}

/** `Promise.race` with a promise for the whole file would keep what every test resolved with. */
function orDeath<T>(work: PromiseLike<T>, { watch }: DeathWatch): Promise<T> {
  return new Promise((resolve, reject) => {
    const death = watch(reject);
    work.then(
      value => {
        death.stop();
        resolve(value);
      },
      reason => {
        death.stop();
        reject(reason);
      },
    );
  });
}

type GeneratorTest = (this: unknown) => Generator<unknown, unknown, unknown>;

function raceCallback(fn: TestFunction, { watch }: DeathWatch): TestFunction {
  return function (this: unknown, done: unknown) {
    const callback = done as ((reason?: unknown) => void) & { fail?: (reason?: unknown) => void };
    let isDead = false;
    const death = watch(error => {
      isDead = true;
      callback(error);
    });
    const over = (reason?: unknown) => {
      death.stop();
      if (!isDead) callback(reason);
    };
    if (callback.fail) Object.assign(over, { fail: callback.fail });
    try {
      return fn.call(this, over);
    } catch (error) {
      death.stop();
      throw error;
    }
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
        sent = yield !error && waited ? orDeath(waited, watch) : step.value;
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
