/** What a browser takes in at once, with everything else that is in a report; characters. */
const mostOfLogs = 4_500_000;

/** A piece of a log that may be taken or left. */
export interface Weighed {
  readonly size: number;
  readonly toMs: number;
  /** It is of a test that failed. */
  readonly matters: boolean;
}

/** As many as fit: those that matter first, then the newest; in the order they were given. */
export function limitLogs<T>(
  slices: readonly T[],
  weigh: (slice: T) => Weighed,
  most = mostOfLogs,
): readonly T[] {
  const ranked = slices
    .map(slice => ({ slice, ...weigh(slice) }))
    .sort((one, other) => Number(other.matters) - Number(one.matters) || other.toMs - one.toMs);
  const kept = new Set<T>();
  let left = most;
  for (const { slice, size } of ranked) {
    if (size > left) continue;
    left -= size;
    kept.add(slice);
  }
  return slices.filter(slice => kept.has(slice));
}
