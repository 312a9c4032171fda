import { isAbsolute } from 'node:path';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput, findInOutput } from '../find-in-output.ts';
import { shortenPath } from '../shorten-path.ts';
import { nodeModuleFormat } from './node-modules.ts';

/** esbuild, and what runs on it: tsx, esbuild-register, Vite. */
export function esbuildFailed(evidence: Evidence): Cause | undefined {
  const found = findAllInOutput(evidence, /^\s*(\S.*?):(\d+):(\d+): (?:ERROR|error): (.+)/)
    .filter(({ input }) => !compilerError.test(input))
    .toReversed();
  const mistakes =
    found.length > 0 ? found.map(mistake => describeMistake(mistake, evidence)) : ofCommandLine(evidence);
  return mistakes.length === 0 ? undefined : refused('esbuild', mistakes);
}

/** The command `esbuild` says what is wrong, and where in a line below. */
function ofCommandLine({ output: { stdout, stderr } }: Evidence): readonly string[] {
  const lines = [...stdout, ...stderr];
  return lines.flatMap((line, index) => {
    const text = /^[✘X] \[ERROR\] (.+)/.exec(line)?.[1];
    if (text === undefined) return [];
    const position = lines.slice(index + 1, index + 3).find(below => /^ {4}\S.*:\d+:\d+:$/.test(below));
    return [`${position === undefined ? 'it: ' : `${position.trim()} `}${text}`];
  });
}

/** javac and `java FILE`, kotlinc, scalac, `go run`, gcc and clang. */
export function compilerRefused(evidence: Evidence): Cause | undefined {
  const found = findAllInOutput(evidence, compilerError).toReversed();
  const mistakes = found.map(({ groups: { file = '', line = '', text = '' } = {} }) => {
    const shown = isAbsolute(file) ? shortenPath(file, evidence.cwd) : file;
    return `${shown}:${line}: ${text}`;
  });
  return mistakes.length === 0 ? undefined : refused('the compiler', mistakes);
}

const compilerError =
  /^\s*(?<file>\S+\.(?:(?:java|kts?|scala|c|cc|cpp|h|hpp)(?=:\d+(?::\d+)?: (?:fatal )?error: )|go(?=:\d+:\d+: [^\d\s]))):(?<line>\d+)(?::\d+)?: (?:(?:fatal )?error: )?(?<text>.+)/;

/** tsc, and what asks it: ts-node, ts-jest, nest start. */
export function typescriptRefused(evidence: Evidence): Cause | undefined {
  const found = findAllInOutput(evidence, typescriptError).toReversed();
  if (found.length === 0) return undefined;
  const mistakes = found.map(
    ([, file, line, column, code, text]) => `${file}:${line}:${column}: ${text} (${code})`,
  );
  const { text, change } = refused('TypeScript', mistakes);
  return {
    text,
    change: [
      ...change,
      'to start it with mistakes in its types, run it without a check: tsx, or ts-node --transpile-only',
    ],
  };
}

const typescriptError = /^\s*(\S.*?)[(:](\d+)[,:](\d+)(?:\):| -) error (TS\d+): (.+)/;

export function syntaxWrong(evidence: Evidence): Cause | undefined {
  return pythonSyntax(evidence) ?? nodeSyntax(evidence);
}

function pythonSyntax({ output: { stderr } }: Evidence): Cause | undefined {
  const index = stderr.findLastIndex(line => /^(?:SyntaxError|IndentationError|TabError): /.test(line));
  const position = stderr
    .slice(Math.max(0, index - 4), Math.max(0, index))
    .findLast(line => pythonPosition.test(line));
  const [, file, number] = pythonPosition.exec(position ?? '') ?? [];
  if (file === undefined) return undefined;
  const what = stderr[index]?.replace(/^\w+: /, '');
  return { text: `Python cannot read ${file}:${number}: ${what}`, change: [correct] };
}

const pythonPosition = /^ {2}File "(.+)", line (\d+)/;

/** Node prints the position above the error, and itself reads files; JSON.parse(), RegExp and BigInt throw the like at run time. */
function nodeSyntax(evidence: Evidence): Cause | undefined {
  const { stderr } = evidence.output;
  const index = stderr.findLastIndex(line => /^SyntaxError: /.test(line));
  const position = stderr
    .slice(Math.max(0, index - 4), Math.max(0, index))
    .findLast(line => nodePosition.test(line));
  const [frame] = stderr.slice(index + 1).filter(line => /^ +at /.test(line));
  if (position === undefined || !(frame ?? 'node:internal/').includes('node:internal/')) return undefined;
  if (nodeModuleFormat(evidence)) return undefined;
  return {
    text: `Node cannot read ${position.replace(/^file:\/\//, '')}: ${stderr[index]?.replace('SyntaxError: ', '')}`,
    change: [correct],
  };
}

const nodePosition = /^(?:file:\/\/)?(?:\/|[A-Z]:\\).*\.[cm]?[jt]sx?:\d+$/;
const correct = 'correct it there';

/** A word of Nest itself, behind any prefix of its logger. */
export function nestUnresolved(evidence: Evidence): Cause | undefined {
  const [, consumer] = findInOutput(evidence, /Nest can't resolve dependencies of the (\S+) \(/) ?? [];
  if (consumer === undefined) return undefined;
  const [, argument, module] =
    findInOutput(evidence, /argument (?:")?(.+?)(?:")? at index \[\d+\] is available in the (\S+)/) ?? [];
  if (argument === undefined || argument === 'dependency') {
    return {
      text: `Nest cannot make ${consumer}: the type of one of its arguments is not known yet where it is used`,
      change: ['look for files that import each other in a circle, or name the provider by @Inject()'],
    };
  }
  return {
    text: `Nest cannot make ${consumer}: nothing in ${module} provides ${argument}`,
    change: [`add ${argument} to the providers of ${module}, or import the module that exports it`],
  };
}

function refused(who: string, [first = '', ...more]: readonly string[]): Cause {
  const others = new Set(more.filter(mistake => mistake !== first)).size;
  return {
    text: `${who} refuses ${first}${others === 0 ? '' : `, and ${others} more`}`,
    change: [correct],
  };
}

function describeMistake([, file = '', line, column, text]: RegExpExecArray, { cwd }: Evidence): string {
  return `${isAbsolute(file) ? shortenPath(file, cwd) : file}:${line}:${column}: ${text}`;
}
