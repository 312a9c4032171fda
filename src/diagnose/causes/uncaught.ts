import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { exitOf } from '../exit-of.ts';
import { classifyLines } from '../lines/classify-lines.ts';
import { findLastFailure } from '../lines/find-last-failure.ts';
import { shortenPath } from '../shorten-path.ts';

/** The error that ended a worker, in the words of its runtime. Only where nothing more telling is known. */
export function uncaughtError(evidence: Evidence): Cause | undefined {
  const exit = exitOf(evidence);
  if (exit === undefined || exit.code === 0) return undefined;
  return uncaughtIn(evidence.output.stderr, evidence) ?? uncaughtIn(evidence.output.stdout, evidence);
}

/** How many lines a runtime or a shutdown may write behind the error. */
const mostBehind = 10;

function uncaughtIn(lines: readonly string[], { cwd }: Evidence): Cause | undefined {
  const kinds = classifyLines(lines);
  const span = findLastFailure(kinds);
  if (!span || lines.length - span.end > mostBehind) return undefined;
  const indexes = [...kinds.keys()].slice(span.start, span.end);
  const heads = indexes.filter(index => kinds[index] === 'head');
  const isPython = lines.some(line => line.startsWith('Traceback '));
  const head = isPython ? heads.at(-1) : heads[0];
  if (head === undefined) return undefined;
  const told = /(?::|==)$/.test(lines[head] ?? '') ? ` ${lines[head + 1]?.trim()}` : '';
  const own = indexes.filter(index => kinds[index] === 'own' && hasPlace(lines[index]));
  const frame = isPython
    ? own.filter(index => index < head).at(-1)
    : (own.find(index => index > head) ?? own[0]);
  const root = isPython
    ? undefined
    : rootOf(
        lines,
        indexes.filter(index => kinds[index] === 'link'),
      );
  const position = positionOf(lines[frame ?? -1] ?? positionInHead.exec(lines[head] ?? '')?.[0], cwd);
  return {
    text: [
      `its error was not caught: ${lines[head]?.trim()}${told}`,
      ...(root === undefined ? [] : [root]),
    ].join('\n'),
    change: [position === undefined ? 'read what it says on its way to that, below' : `look at ${position}`],
  };
}

function rootOf(lines: readonly string[], links: readonly number[]): string | undefined {
  const last = links.findLast(index => /Caused by: |\[cause\]: |---> /.test(lines[index] ?? ''));
  return last === undefined ? undefined : lines[last]?.trim();
}

function hasPlace(line = ''): boolean {
  return positions.some(position => position.test(line));
}

/** `src/tasks.py:12`, in the form of any runtime. */
function positionOf(line: string | undefined, cwd: string): string | undefined {
  for (const position of positions) {
    const [, file, number] = position.exec(line ?? '') ?? [];
    if (file !== undefined) return `${file.startsWith('/') ? shortenPath(file, cwd) : file}:${number}`;
  }
  return undefined;
}

/** Of Rust, Ruby, Perl, Erlang. */
const positionInHead =
  /(?<=panicked at )\S+:\d+|^\S+:\d+:in .*|\{file,".+?"\},\{line,\d+\}| at \S+ line \d+\.$/;

const positions: readonly RegExp[] = [
  /^ {2}File "(.+)", line (\d+)/,
  /\{file,"(.+?)"\},\{line,(\d+)\}/,
  /\((\S+), line (\d+)\)/,
  / in (\S+):line (\d+)$/,
  / at (\S+) line (\d+)\.$/,
  /^#\d+ (\S+)\((\d+)\)/,
  /\(?(?:file:\/\/)?([^\s():]+\.\w+):(\d+)(?::\d+)?\)?/,
];
