import type { TapRefusal } from './tap-sight.ts';

/** What a service answered, as the state of a connection has it. */
export type Refusal = Omit<TapRefusal, 'listener' | 'agoMs'>;

type NotedRefusal = Omit<TapRefusal, 'agoMs'> & { readonly atMs: number };

const mostKept = 8;

/** The last things services refused a worker; the same again moves to the end. */
export class Refusals {
  #all: readonly NotedRefusal[] = [];

  note(refusal: NotedRefusal): void {
    const others = this.#all.filter(known => !isSame(known, refusal));
    this.#all = [...others, refusal].slice(-mostKept);
  }

  forget(): void {
    this.#all = [];
  }

  list(nowMs: number): readonly TapRefusal[] {
    return this.#all.map(({ atMs, ...refusal }) => ({ ...refusal, agoMs: nowMs - atMs }));
  }
}

function isSame(one: NotedRefusal, other: NotedRefusal): boolean {
  return one.listener === other.listener && one.code === other.code && one.text === other.text;
}
