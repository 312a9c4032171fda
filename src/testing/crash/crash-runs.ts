import type {
  CrashPointOperations,
  EffectStep,
  Packed,
  Recording,
  SessionBridge,
} from '../../session/contract.ts';
import { errorOfPause, rebuildWith, unpackFramed, withFrames } from '../unpack.ts';
import { isSame, withoutKey } from './compare-values.ts';
import type { EveryCrashPoint } from './crash-terms.ts';
import { type EmittedOptions, listEmitted } from './emitted.ts';
import type { PointDiffers } from './explain-points.ts';
import type { GapPoint } from './list-points.ts';
import { unstable, whyUnclear } from './unclear.ts';

/** How long nothing may happen before a worker is taken to rest. */
const quietMs = 100;

interface RunsTerms<T> {
  readonly terms: EveryCrashPoint<T>;
  readonly frames: string;
}

interface Finished {
  readonly steps: readonly EffectStep[];
  readonly value: unknown;
}

export type CrashOutcome =
  | { readonly kind: 'same' }
  | { readonly kind: 'missed'; readonly did: readonly EffectStep[] }
  | ({ readonly kind: 'differs' } & Omit<PointDiffers, 'point'>);

/** The runs of one `everyCrashPoint`: two without a crash, and one for each point. */
export class CrashRuns<T> {
  readonly worker: string;
  readonly #bridge: SessionBridge;
  readonly #terms: EveryCrashPoint<T>;
  readonly #frames: string;
  readonly #endMs: number;
  readonly #scope: number;

  static async begin<T>(bridge: SessionBridge, { terms, frames }: RunsTerms<T>): Promise<CrashRuns<T>> {
    const begun = bridge.recording('begin', [terms.worker]) as Promise<Packed<Recording>>;
    const { worker } = await unpackFramed(begun, frames);
    return new CrashRuns(bridge, { terms, frames, worker });
  }

  private constructor(
    bridge: SessionBridge,
    { terms, frames, worker }: RunsTerms<T> & { readonly worker: string },
  ) {
    this.worker = worker;
    this.#bridge = bridge;
    this.#terms = terms;
    this.#frames = frames;
    this.#endMs = bridge.now() + (terms.timeoutMs ?? bridge.timeLeftMs());
    this.#scope = bridge.waitScope();
  }

  /** The work without a crash, twice. @throws CRASH_POINTS_UNCLEAR */
  async record(): Promise<Finished> {
    const first = await this.#runPlain();
    const second = await this.#runPlain();
    const unclear = whyUnclear(this.worker, [first.steps, second.steps]);
    if (unclear) throw withFrames(unclear, this.#frames);
    if (await this.#whyDiffers(first.value, second.value))
      throw withFrames(unstable(this.worker, [first.value, second.value]), this.#frames);
    return first;
  }

  /** The work with a crash there. @param without what is left of it else */
  async crashAt(point: GapPoint, without: unknown): Promise<CrashOutcome> {
    const run = { key: crypto.randomUUID(), point: point.name };
    await this.#within(this.#terms.reset?.(run));
    const last = await this.#last();
    const number = await this.#ask(this.#bridge.armCrash(this.worker, point.place));
    const reaching = this.#ask(this.#bridge.untilReached(number, { timeoutMs: this.#leftMs() }));
    const working = this.#within((async () => this.#terms.work(run))());
    const resting = working.then(() => this.#untilQuiet());
    const [isReached, reached] = await Promise.race([
      reaching.then(at => [true, at] as const),
      resting.then(() => [false, undefined] as const),
    ]).finally(() => {
      // What is not waited for any more is not to be heard of.
      for (const wait of [reaching, resting]) wait.catch(() => {});
    });
    if (!isReached || !reached) {
      const did = await this.#stepsAfter(last);
      await this.#bridge.untilReached(number, { timeoutMs: 0 });
      return { kind: 'missed', did };
    }
    const mark = await this.#recording('markLogs', this.worker);
    const after = async () => {
      const steps = await this.#stepsAfter(last);
      const again = steps.find(({ redelivered, atMs }) => redelivered === true && atMs > reached.atMs);
      const lines = await this.#recording('linesSince', this.worker, mark);
      return { againAfterMs: again && again.atMs - reached.atMs, lines };
    };
    try {
      await this.#ask(this.#bridge.restartWorker(this.worker, {}));
      await working;
      await this.#untilQuiet();
    } catch (error) {
      const [why = ''] = String((error as Error).message).split('\n');
      return {
        kind: 'differs',
        isFinal: true,
        without,
        withCrash: { why },
        said: undefined,
        ...(await after()),
      };
    }
    const { value } = await this.#finish(run, last);
    const said = await this.#whyDiffers(without, value);
    if (!said) return { kind: 'same' };
    return {
      kind: 'differs',
      isFinal: false,
      without,
      withCrash: { value },
      said: said.text,
      ...(await after()),
    };
  }

  /** The worker is watched no more. */
  async end(): Promise<void> {
    await this.#bridge.recording('end', [this.worker]);
  }

  async #runPlain(): Promise<Finished> {
    const run = { key: crypto.randomUUID(), point: undefined };
    await this.#within(this.#terms.reset?.(run));
    const last = await this.#last();
    await this.#within(this.#terms.work(run));
    await this.#untilQuiet();
    return this.#finish(run, last);
  }

  async #finish(
    run: { readonly key: string; readonly point: string | undefined },
    last: number,
  ): Promise<Finished> {
    const steps = await this.#stepsAfter(last);
    const emitted = async (options?: EmittedOptions) => listEmitted(await this.#stepsAfter(last), options);
    const value = await this.#within(this.#terms.same({ ...run, emitted }));
    return { steps, value: withoutKey(value, run.key) };
  }

  /** Undefined where they are the same; `text` is what `compare` said. */
  async #whyDiffers(
    without: unknown,
    withCrash: unknown,
  ): Promise<{ readonly text: string | undefined } | undefined> {
    const { compare } = this.#terms;
    if (!compare) return isSame(without, withCrash) ? undefined : { text: undefined };
    try {
      const verdict = await compare(without as T, withCrash as T);
      return verdict === false ? { text: 'it returned false' } : undefined;
    } catch (error) {
      return { text: String((error as Error)?.message ?? error) };
    }
  }

  #untilQuiet(): Promise<null> {
    return this.#recording('untilQuiet', this.worker, { timeoutMs: this.#leftMs(), quietMs });
  }

  #stepsAfter(last: number): Promise<readonly EffectStep[]> {
    return this.#recording('stepsAfter', this.worker, last);
  }

  async #last(): Promise<number> {
    return (await this.#stepsAfter(0)).at(-1)?.number ?? 0;
  }

  #recording<Name extends keyof CrashPointOperations>(
    name: Name,
    ...words: Parameters<CrashPointOperations[Name]>
  ): ReturnType<CrashPointOperations[Name]> {
    return this.#ask(this.#bridge.recording(name, words)) as ReturnType<CrashPointOperations[Name]>;
  }

  #ask<Answer>(answer: Promise<Packed<Answer>>): Promise<Answer> {
    return unpackFramed(answer, this.#frames);
  }

  /** What the test does itself must not go on longer than the time there is. */
  async #within<Value>(work: Value | Promise<Value>): Promise<Value> {
    const end = this.#bridge.timer(this.#leftMs(), this.#scope);
    const late = async (): Promise<never> => {
      const error = await errorOfPause(end.over);
      if (error) throw rebuildWith(error, this.#frames);
      throw withFrames(new Error('everyCrashPoint: the time is over'), this.#frames);
    };
    try {
      return await Promise.race([work, late()]);
    } finally {
      end.stop();
    }
  }

  #leftMs(): number {
    return Math.max(0, this.#endMs - this.#bridge.now());
  }
}
