import type { LogProbeOptions } from '../options/probe-options.ts';

export interface NearestLine {
  readonly line: string;
  readonly stream: 'stdout' | 'stderr';
}

/** A global is slow to look up where Jest's sandbox is the global object. */
const { min } = Math;
const longestPattern = 100;
const longestLine = 300;
const linesSearched = 2_000;

/**
 * The line that is most like a pattern that was not found: with a few letters more, less or other somewhere in it, or with most of
 * the pattern's words. Undefined when none is.
 */
export function findNearestLine(
  pattern: LogProbeOptions['pattern'],
  lines: readonly NearestLine[],
): NearestLine | undefined {
  const wanted = literalsOf(pattern).filter(({ length }) => length >= 3 && length <= longestPattern);
  let best: NearestLine | undefined;
  let most = 0;
  for (const candidate of lines.slice(-linesSearched)) {
    const line = fold(candidate.line);
    const like = Math.max(0, ...wanted.map(text => likenessOf(text, line)));
    // The later line of two that are as near.
    if (like > 0 && like >= most) [best, most] = [candidate, like];
  }
  return best;
}

/** What a pattern says in letters: each alternative of a RegExp with what stands for other text left out. */
function literalsOf(pattern: LogProbeOptions['pattern']): readonly string[] {
  if (typeof pattern === 'string') return [fold(pattern)];
  const letters = pattern.source
    .replace(/\[(?:\\.|[^\]\\])*\]|\\[a-zA-Z]|\(\?[:=!<]+/g, match => (match.startsWith('(') ? '(' : ' '))
    .replace(/[*+?]|\{[\d,]*\}/g, ' ');
  return splitAlternatives(letters).map(part =>
    fold(part.replace(/\\(.)/g, '$1').replace(/[()|^$]|(?<!\w)\.|\.(?=\s|$)/g, ' ')),
  );
}

/** Those of a group stand within the others. */
function splitAlternatives(source: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of source) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

function fold(text: string): string {
  return text.slice(0, longestLine).toLowerCase().replace(/\s+/g, ' ').trim();
}

/** 1 for a line that holds it but for case and spaces, 0 for one that is not near. */
function likenessOf(wanted: string, line: string): number {
  const mostEdits = Math.floor(wanted.length / 4);
  const edits = sharesPart(wanted, line, mostEdits + 1)
    ? editsWithin(wanted, line)
    : Number.POSITIVE_INFINITY;
  if (edits <= mostEdits) return 1 - edits / wanted.length;
  const words = wanted.match(/[\p{L}\d]{2,}/gu) ?? [];
  const shared = words.filter(word => line.includes(word)).length / words.length;
  return words.length > 1 && shared >= 2 / 3 ? shared * wordsCount : 0;
}

/** Less than any line that is near by its letters. */
const wordsCount = 0.7;

/** A line that a text with few edits stands in has at least one of as many parts as there are edits, and one more, as it is. */
function sharesPart(wanted: string, line: string, parts: number): boolean {
  const length = wanted.length / parts;
  return Array.from({ length: parts }, (_, index) =>
    wanted.slice(Math.floor(index * length), Math.floor((index + 1) * length)),
  ).some(part => line.includes(part));
}

/** The fewest edits that make the text out of any part of the line: Sellers' variant of the Levenshtein distance. */
function editsWithin(wanted: string, line: string): number {
  let last = new Uint16Array(line.length + 1);
  let current = new Uint16Array(line.length + 1);
  for (let row = 1; row <= wanted.length; row += 1) {
    current[0] = row;
    for (let column = 1; column <= line.length; column += 1) {
      const replaced = at(last, column - 1) + (wanted[row - 1] === line[column - 1] ? 0 : 1);
      current[column] = min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
    }
    [last, current] = [current, last];
  }
  return last.reduce((fewest, edits) => min(fewest, edits), wanted.length);
}

function at(row: Uint16Array, column: number): number {
  return row[column] as number;
}
