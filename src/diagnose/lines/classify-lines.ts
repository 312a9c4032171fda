import { isDiagnostic, isErrorHead, isErrorLink } from './error-lines.ts';
import { type FrameKind, frameKind } from './frame-kind.ts';

/**
 * What a line of output is: `head` names an error, `link` joins it to another one, `told` belongs to its message, `located` says where in a file a
 * compiler found it, `detail` to an
 * object dumped behind its stack; anything else is `plain`.
 */
export type LineKind = 'head' | 'link' | 'told' | 'located' | 'detail' | 'plain' | FrameKind;

/** How many lines the message of an error may have before its first frame. */
const longestMessage = 16;

/** The kind of every line, by what it looks like and what stands around it. */
export function classifyLines(lines: readonly string[]): readonly LineKind[] {
  const kinds: LineKind[] = lines.map(classifyAlone);
  markPython(lines, kinds);
  markGo(lines, kinds);
  markPlaces(lines, kinds);
  markMessages(lines, kinds);
  markDumps(lines, kinds);
  return kinds;
}

function classifyAlone(line: string): LineKind {
  if (isErrorLink(line)) return 'link';
  if (isDiagnostic(line)) return 'located';
  return frameKind(line) ?? (isErrorHead(line) ? 'head' : 'plain');
}

/** Under a frame of Python stands its line, and a mark under that; under the last frame, at the margin, the error. */
function markPython(lines: readonly string[], kinds: LineKind[]): void {
  for (const [index, line] of lines.entries()) {
    if (!/^ {2}File "/.test(line)) continue;
    const kind = kinds[index] ?? 'unknown';
    let next = index + 1;
    for (; /^ {4}/.test(lines[next] ?? ''); next += 1) kinds[next] = isMark(lines[next]) ? 'library' : kind;
    if (/^[\w.]+(?::|$)/.test(lines[next] ?? '')) kinds[next] = 'head';
  }
}

/** Above a frame of Go stands its function. */
function markGo(lines: readonly string[], kinds: LineKind[]): void {
  for (const [index, line] of lines.entries()) {
    const kind = kinds[index];
    if (/^\t\S+\.go:\d+/.test(line) && kinds[index - 1] === 'plain' && kind) kinds[index - 1] = kind;
  }
}

/** Above an error of Node stand the place where it was thrown, its line, and a mark under that. */
function markPlaces(lines: readonly string[], kinds: LineKind[]): void {
  for (const [index, line] of lines.entries()) {
    if (!/^(?:file:\/\/)?(?:\/|[A-Z]:\\|node:).*:\d+$/.test(line) || kinds[index] !== 'plain') continue;
    const mark = [index + 1, index + 2, index + 3].find(at => isMark(lines[at]));
    if (mark === undefined) continue;
    const isLibrary = /^node:|[\\/]node_modules[\\/]/.test(line);
    for (let at = index; at < mark; at += 1) kinds[at] = isLibrary ? 'library' : 'own';
    kinds[mark] = 'library';
  }
}

/** What stands between an error and its first frame, and always what comes behind a colon. */
function markMessages(lines: readonly string[], kinds: LineKind[]): void {
  for (const [index, kind] of kinds.entries()) {
    if (kind !== 'head' && kind !== 'link') continue;
    const rest = kinds.slice(index + 1, index + 1 + longestMessage);
    const end = rest.findIndex(next => next !== 'plain' && next !== 'located');
    const isStack = ['own', 'library', 'unknown'].includes(rest[end] ?? '');
    const count = isStack ? end : /(?::|==)$/.test(lines[index] ?? '') ? 1 : 0;
    for (let at = index + 1; at <= index + count; at += 1) if (kinds[at] === 'plain') kinds[at] = 'told';
  }
}

/** Node prints the fields of an error behind its last frame: from a brace that opens there to one at the margin. */
function markDumps(lines: readonly string[], kinds: LineKind[]): void {
  for (const [index, line] of lines.entries()) {
    if (!/^\s+at .* \{$/.test(line)) continue;
    const end = lines.indexOf('}', index);
    for (let at = index + 1; at <= end; at += 1)
      if (kinds[at] === 'plain' || kinds[at] === 'head') kinds[at] = 'detail';
  }
}

function isMark(line: string | undefined): boolean {
  return line !== undefined && /^\s*[\^~]+\s*$/.test(line);
}
