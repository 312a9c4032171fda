import type { LogProbeOptions } from '../spec/probe-options.ts';

export interface NearestLine {
  readonly line: string;
  readonly stream: 'stdout' | 'stderr';
}

const longestPattern = 100;
const longestLine = 300;
/** Of each stream, the last ones. */
const linesSearched = 1_000;

/**
 * The line that is most like a pattern that was not found: with a few letters more, less or other somewhere in it, or with most of
 * the pattern's words. Undefined when none is.
 */
export function nearestLine(
  pattern: LogProbeOptions['pattern'],
  lines: readonly NearestLine[],
): NearestLine | undefined {
  const wanted = literalsOf(pattern).filter(({ length }) => length >= 3 && length <= longestPattern);
  const likeness = (line: string) => Math.max(0, ...wanted.map(text => likenessOf(text, fold(line))));
  let best: NearestLine | undefined;
  let most = 0;
  for (const candidate of lines.slice(-2 * linesSearched)) {
    const like = likeness(candidate.line);
    // The later line of two that are as near.
    if (like > 0 && like >= most) [best, most] = [candidate, like];
  }
  return best;
}

/** What a pattern says in letters: each alternative of a RegExp with what stands for other text left out. */
function literalsOf(pattern: LogProbeOptions['pattern']): readonly string[] {
  if (typeof pattern === 'string') return [fold(pattern)];
  return pattern.source
    .replace(/\[(?:\\.|[^\]\\])*\]|\\[a-zA-Z]|\(\?[:=!<]*|[*+?{][\d,}]*/g, ' ')
    .split('|')
    .map(part => fold(part.replace(/\\(.)/g, '$1').replace(/[()^$]|(?<!\w)\.|\.(?=\s|$)/g, ' ')));
}

function fold(text: string): string {
  return text.slice(0, longestLine).toLowerCase().replace(/\s+/g, ' ').trim();
}

/** 1 for a line that holds it but for case and spaces, 0 for one that is not near. */
function likenessOf(wanted: string, line: string): number {
  const edits = editsWithin(wanted, line) / wanted.length;
  const words = wanted.match(/[\p{L}\d]{2,}/gu) ?? [];
  const shared = words.filter(word => line.includes(word)).length / words.length;
  const byEdits = edits <= 1 / 4 ? 1 - edits : 0;
  const byWords = words.length > 1 && shared >= 1 / 2 ? shared * 0.74 : 0;
  return Math.max(byEdits, byWords);
}

/** The fewest edits that make the text out of any piece of the line: Sellers' variant of the Levenshtein distance. */
function editsWithin(wanted: string, line: string): number {
  let last = new Array<number>(line.length + 1).fill(0);
  for (let row = 1; row <= wanted.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= line.length; column += 1) {
      const replace = (last[column - 1] ?? 0) + (wanted[row - 1] === line[column - 1] ? 0 : 1);
      current[column] = Math.min(replace, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    last = current;
  }
  return Math.min(...last);
}
