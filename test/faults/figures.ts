/** What a round of kills came to. */
export interface Figures {
  readonly kills: number;
  readonly survivors: number;
  /** Milliseconds from the kill until the last process was gone. */
  readonly median: number;
  readonly percentile95: number;
  readonly max: number;
}

export function figuresOf(lastGoneMs: readonly number[], survivors: number): Figures {
  const sorted = [...lastGoneMs].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { kills: sorted.length, survivors, median: at(0.5), percentile95: at(0.95), max: at(1) };
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
