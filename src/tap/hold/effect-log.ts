import { type Effect, effectSight, isBackground } from './effect.ts';
import type { EffectsSince } from './hold-messages.ts';

const mostKept = 10_000;

/** What a worker did, in the order it passed. */
export class EffectLog {
  #entries: Entry[] = [];
  #last = 0;

  /** The number of the last effect. */
  get last(): number {
    return this.#last;
  }

  /** @param open messages the worker had not acknowledged then */
  note(effect: Effect, open: number): void {
    if (isBackground(effect)) return;
    this.#last += 1;
    if (this.#entries.length >= mostKept) return;
    this.#entries.push({ number: this.#last, atMs: performance.now(), open, effect });
  }

  /** Its service refused it. */
  forget(effect: Effect): void {
    this.#entries = this.#entries.filter(entry => entry.effect !== effect);
  }

  after(number: number): EffectsSince {
    return {
      last: this.#last,
      effects: this.#entries
        .filter(entry => entry.number > number)
        .map(({ effect, ...entry }) => ({
          ...entry,
          ...effectSight(effect),
          ...(effect.digest === undefined ? {} : { digest: effect.digest }),
        })),
    };
  }
}

interface Entry {
  readonly number: number;
  readonly atMs: number;
  readonly open: number;
  readonly effect: Effect;
}
