import type { LogSlice } from '../model.ts';

/** What a browser takes in at once, with everything else that is in a report. */
const mostCharacters = 4_500_000;

/** As many slices as fit: those that matter first, then the newest; in the order they were given. */
export function limitLogs(
  slices: readonly LogSlice[],
  matters: (slice: LogSlice) => boolean,
  most = mostCharacters,
): readonly LogSlice[] {
  const ranked = [...slices].sort(
    (one, other) => Number(matters(other)) - Number(matters(one)) || other.toMs - one.toMs,
  );
  const kept = new Set<LogSlice>();
  let left = most;
  for (const slice of ranked) {
    if (slice.text.length > left) continue;
    left -= slice.text.length;
    kept.add(slice);
  }
  return slices.filter(slice => kept.has(slice));
}
