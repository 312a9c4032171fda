import { classifyLines, type LineKind } from './classify-lines.ts';
import { findLastFailure } from './find-last-failure.ts';

/** How many of the lines behind an error are shown before its frames are. */
const shownBehind = 2;

/**
 * So many of the lines as say most, in their order, `…` where some are left out: the last one; of the last error what names it,
 * its message, what it comes from, the project's own frames; then what stands around it; frames of runtimes and libraries last.
 */
export function selectLines(lines: readonly string[], count: number): readonly string[] {
  if (lines.length <= count) return lines;
  const chosen = new Set<number>();
  for (const index of byImportance(classifyLines(lines), count)) {
    chosen.add(index);
    if (costOf(chosen, lines.length) > count) chosen.delete(index);
  }
  return render(lines, chosen);
}

function byImportance(kinds: readonly LineKind[], count: number): readonly number[] {
  const all = [...kinds.keys()];
  const newest = all.toReversed();
  const span = findLastFailure(kinds);
  if (!span) return newest;
  const inside = all.slice(span.start, span.end);
  const of = (...wanted: readonly LineKind[]) =>
    inside.filter(index => wanted.includes(kinds[index] ?? 'plain'));
  const behind = all.slice(span.end).toReversed();
  const names = of('head', 'link');
  // Much was written since: the error may have been dealt with.
  if (behind.length > 2 * count) return [...newest.slice(0, 1), ...names.slice(-1), ...newest];
  return [
    ...newest.slice(0, 1),
    ...names.slice(0, 1),
    ...names.toReversed(),
    ...of('located'),
    ...of('told'),
    ...behind.slice(0, shownBehind),
    ...nearestFirst(of('own'), names),
    ...of('unknown').toReversed(),
    ...behind,
    ...newest.slice(all.length - span.start),
    ...of('detail'),
    ...of('library').toReversed(),
  ];
}

/** From the names of the errors away: below them, in Python above them. */
function nearestFirst(frames: readonly number[], names: readonly number[]): readonly number[] {
  const distance = (frame: number) => Math.min(...names.map(name => Math.abs(name - frame)));
  return [...frames].sort((one, other) => distance(one) - distance(other));
}

/** In lines, those that say that something is left out among them. */
function costOf(chosen: ReadonlySet<number>, length: number): number {
  return chosen.size + gapsOf(chosen, length).length;
}

/** Where lines between the first and the last chosen one are left out. */
function gapsOf(chosen: ReadonlySet<number>, length: number): readonly number[] {
  const last = Math.max(...chosen);
  return [...chosen]
    .map(index => index + 1)
    .filter(index => index < last && index < length && !chosen.has(index));
}

/** One line that is left out takes no more room than to say so. */
function render(lines: readonly string[], chosen: ReadonlySet<number>): readonly string[] {
  const gaps = new Set(gapsOf(chosen, lines.length));
  return lines.flatMap((line, index) => {
    if (chosen.has(index)) return [line];
    if (!gaps.has(index)) return [];
    return [chosen.has(index + 1) ? line : '…'];
  });
}
