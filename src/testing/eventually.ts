import type { PackedError, SessionBridge, Timer, WaitOptions } from '../session/contract.ts';
import { ExpectAttempt } from './expect-attempt.ts';
import { sessionBridge } from './session-bridge.ts';
import { errorOfPause, framesAbove, rebuildWith, withFrames } from './unpack.ts';

const defaultIntervalMs = 20;
/** Of the time that is left before Jest's own limit. */
const updateMs = 150;

export interface EventuallyOptions extends WaitOptions {
  /** Pause between two attempts, in milliseconds. Default 20. */
  readonly intervalMs?: number;
  /** A message of a worker with a tap that ends in a dead-letter queue fails it at once (`'fail'`), or does not (`'ignore'`). Default `'fail'`. */
  readonly deadLetters?: 'fail' | 'ignore';
}

/**
 * Calls `fn` until it neither throws nor rejects, and resolves with what it returned. Only the assertions and snapshots of the
 * attempt that held count. When the time is over it rejects with
 * the last error of `fn`, so that Jest shows the assertion that still failed; at once when a worker dies, a message of one
 * with a tap ends among dead letters, or the test is over.
 * Fake timers do not touch it.
 *
 * @example await eventually(async () => expect(await status(id)).toBe('COMPLETED'));
 */
export async function eventually<T>(fn: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const bridge = sessionBridge();
  const { intervalMs = defaultIntervalMs, timeoutMs = bridge.timeLeftMs(), deadLetters = 'fail' } = options;
  const scope = bridge.waitScope();
  const frames = framesAbove(eventually);
  const startedAt = bridge.now();
  for (let attempts = 1; ; attempts += 1) {
    const restMs = timeoutMs - (bridge.now() - startedAt);
    // The first attempt is made in any case, so that what clears up after a dead worker can wait too.
    const end = bridge.timer(restMs, attempts === 1 ? undefined : scope);
    const own = new ExpectAttempt(bridge, { mayUpdate: false });
    let outcome = await attemptUntil(end, fn, own);
    const waitedMs = bridge.now() - startedAt;
    const isLast = waitedMs + intervalMs > timeoutMs;
    const isToUpdate = isLast && outcome.kind !== 'value' && own.isHeldBack;
    if (outcome.kind === 'value' || (isLast && !isToUpdate)) own.keep();
    else own.drop();
    if (isToUpdate) outcome = await updateSnapshots(bridge, fn, scope);
    if (outcome.kind === 'value') return outcome.value;
    if (outcome.kind === 'over') throw rebuildWith(outcome.error, frames);
    if (isLast) throw outOfTime(outcome, { waitedMs, attempts, frames });
    const dead = deadLetters === 'ignore' ? undefined : await errorOfPause(bridge.lookForDead());
    if (dead) throw rebuildWith(besideFailure(dead, outcome), frames);
    const pause = await errorOfPause(bridge.pause(intervalMs, scope));
    if (pause) throw rebuildWith(pause, frames);
  }
}

/** What never matched until the time was over is what `--updateSnapshot` is to write. */
async function updateSnapshots<T>(
  bridge: SessionBridge,
  fn: () => T | Promise<T>,
  scope: number,
): Promise<Outcome<T>> {
  const own = new ExpectAttempt(bridge, { mayUpdate: true });
  const outcome = await attemptUntil(bridge.timer(updateMs, scope), fn, own);
  own.keep();
  return outcome;
}

async function attemptUntil<T>(
  end: Timer,
  fn: () => T | Promise<T>,
  own: ExpectAttempt,
): Promise<Outcome<T>> {
  const outcome = await Promise.race([attempt(fn, own), endOf(end)]);
  end.stop();
  return outcome;
}

type Outcome<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown }
  | End;

type End = { readonly kind: 'stuck' } | { readonly kind: 'over'; readonly error: PackedError };

async function attempt<T>(fn: () => T | Promise<T>, own: ExpectAttempt): Promise<Outcome<T>> {
  try {
    const value = await own.run(fn);
    return own.suppressed.length === 0
      ? { kind: 'value', value }
      : { kind: 'error', error: own.suppressed[0] };
  } catch (error) {
    return { kind: 'error', error };
  }
}

/** An attempt that never ends must not outlive the wait. */
async function endOf({ over }: Timer): Promise<End> {
  const error = await errorOfPause(over);
  return error ? { kind: 'over', error } : { kind: 'stuck' };
}

interface Waited {
  readonly waitedMs: number;
  readonly attempts: number;
  readonly frames: string;
}

function outOfTime(
  outcome: Exclude<Outcome<unknown>, { kind: 'value' | 'over' }>,
  { waitedMs, attempts, frames }: Waited,
): unknown {
  const after = `after ${Math.round(waitedMs)} ms and ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  if (outcome.kind === 'stuck')
    return withFrames(new Error(`eventually: the attempt did not end, ${after}`), frames);
  const { error } = outcome;
  if (!isError(error)) return error;
  const message = `eventually: still failing ${after}\n\n${error.message}`;
  const stack = error.stack?.includes(error.message)
    ? error.stack.replace(error.message, () => message)
    : `${message}\n${frames}`;
  return retell(error, { message, stack });
}

/** What was waited for stands below what makes waiting useless. */
function besideFailure(dead: PackedError, outcome: Outcome<unknown>): PackedError {
  if (outcome.kind !== 'error' || !isError(outcome.error)) return dead;
  return { ...dead, message: `${dead.message}\n\nstill failing: ${outcome.error.message}` };
}

/** Those of Node itself, of fetch() as well, are of another realm. */
function isError(error: unknown): error is Error {
  const { message, stack } = (error ?? {}) as { readonly message?: unknown; readonly stack?: unknown };
  return error instanceof Error || (typeof message === 'string' && typeof stack === 'string');
}

/** The very error; where that cannot be, because it is frozen, one with it as its cause. */
function retell(error: Error, told: { readonly message: string; readonly stack: string }): Error {
  const isDone = Object.entries(told).every(([name, value]) =>
    Reflect.defineProperty(error, name, { value, configurable: true, writable: true }),
  );
  return isDone ? error : Object.assign(new Error(told.message, { cause: error }), { stack: told.stack });
}
