import type { TapRefusal } from './tap-sight.ts';

const mostKept = 8;

/** The last things services refused a worker; the same again moves to the end. */
export class Refusals {
  #all: readonly TapRefusal[] = [];

  note(refusal: TapRefusal): void {
    const others = this.#all.filter(known => !isSame(known, refusal));
    this.#all = [...others, refusal].slice(-mostKept);
  }

  forget(): void {
    this.#all = [];
  }

  list(): readonly TapRefusal[] {
    return this.#all;
  }
}

function isSame(one: TapRefusal, other: TapRefusal): boolean {
  return one.listener === other.listener && one.code === other.code && one.text === other.text;
}
