import { argumentInvalid } from '../../errors.ts';
import { withFrames } from '../unpack.ts';
import type { Emitted, EmittedOptions } from './emitted.ts';

/** Work that a worker is to do, and what must be the same after it, whenever the worker crashes meanwhile. */
export interface EveryCrashPoint<T> {
  /** Has the worker do it, as by a message; it need not wait until it is done. */
  readonly work: (run: CrashRun) => unknown;
  /** What is left of it. The key stands for itself: the same text in it is the same in every run. */
  readonly same: (run: FinishedRun) => T | Promise<T>;
  /** Brings back what `work` needs, before each run; where the key alone makes each run a new one, there is nothing to do. */
  readonly reset?: (run: CrashRun) => unknown;
  /** Throws, or returns false, where the two differ. Default: they have the same structure and the same values. */
  readonly compare?: (without: T, withCrash: T) => unknown;
  /** Default: the only one of the file that has a tap. */
  readonly worker?: string;
  /** One point alone, by the name an error has for it. */
  readonly only?: string;
  /** Points that a run does not come to are no failure. */
  readonly allowUnreached?: boolean;
  /** Of all runs together. Default: what is left of the test's own timeout. */
  readonly timeoutMs?: number;
}

export interface CrashRun {
  /** Another one for each run: a UUID. */
  readonly key: string;
  /** Where the worker is to crash; undefined in the two runs without. */
  readonly point: string | undefined;
}

export interface FinishedRun extends CrashRun {
  /** What the worker has published in this run, in an order of its own. */
  emitted(options?: EmittedOptions): Promise<readonly Emitted[]>;
}

const wanted: Readonly<Record<keyof EveryCrashPoint<unknown>, string>> = {
  work: 'a function',
  same: 'a function',
  reset: 'a function',
  compare: 'a function',
  worker: 'the name of a worker',
  only: 'the name of a crash point',
  allowUnreached: 'true or false',
  timeoutMs: 'milliseconds from 1 on',
};

/** @throws ARGUMENT_INVALID */
export function parseEveryCrashPoint<T>(options: EveryCrashPoint<T>, frames: string): EveryCrashPoint<T> {
  const refuse = (name: string, given: unknown, what: string): never => {
    throw withFrames(argumentInvalid(`everyCrashPoint(): ${name}`, given, what), frames);
  };
  if (typeof options !== 'object' || options === null)
    return refuse('options', options, '{ work, same } or more');
  for (const name of Object.keys(options))
    if (!Object.hasOwn(wanted, name)) refuse('options', name, `only ${Object.keys(wanted).join(', ')}`);
  for (const [name, what] of Object.entries(wanted)) {
    const given = (options as unknown as Readonly<Record<string, unknown>>)[name];
    const isLeftOut = given === undefined && name !== 'work' && name !== 'same';
    if (!isLeftOut && !isOf(what, given)) refuse(name, given, what);
  }
  return options;
}

function isOf(what: string, given: unknown): boolean {
  if (what === 'a function') return typeof given === 'function';
  if (what.startsWith('the name')) return typeof given === 'string' && given !== '';
  if (what === 'true or false') return typeof given === 'boolean';
  return typeof given === 'number' && given >= 1;
}
