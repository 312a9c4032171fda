import { type Effect, effectSight, isBackground } from './effect.ts';
import type { EffectsSince } from './hold-messages.ts';

const mostKept = 10_000;

/** What a worker did, in the order it passed. */
export class EffectLog {
  #entries: { readonly number: number; readonly atMs: number; readonly effect: Effect }[] = [];
  #last = 0;

  /** The number of the last effect. */
  get last(): number {
    return this.#last;
  }

  note(effect: Effect): void {
    if (isBackground(effect)) return;
    this.#last += 1;
    if (this.#entries.length >= mostKept) return;
    this.#entries.push({ number: this.#last, atMs: performance.now(), effect });
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
