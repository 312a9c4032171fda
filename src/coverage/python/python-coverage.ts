import type { CoveredFunction, FileCoverage, Span } from '../file-coverage.ts';

/** A file as coverage.py sees it, lines from 1. */
export interface MeasuredFile {
  readonly path: string;
  /** The first line of each. */
  readonly statements: readonly number[];
  /** Those of them that did not run. */
  readonly missing: readonly number[];
  readonly functions: readonly {
    readonly name: string;
    readonly line: number;
    readonly body: number;
    readonly end: number;
  }[];
}

/** A column no line reaches. */
const farRight = 999;

/** As Istanbul has it: coverage.py does not count, so what ran did so once; branches are not measured. */
export function toFileCoverage({ path, statements, missing, functions }: MeasuredFile): FileCoverage {
  const lacking = new Set(missing);
  const ran = (line: number) => (lacking.has(line) ? 0 : 1);
  const called = ({ body, end }: MeasuredFile['functions'][number]) => {
    const first = statements.find(line => line >= body && line <= end);
    return first === undefined ? 0 : ran(first);
  };
  return {
    path,
    statementMap: numbered(statements.map(line => lines(line, line))),
    s: numbered(statements.map(ran)),
    fnMap: numbered(functions.map(toFunction)),
    f: numbered(functions.map(called)),
    branchMap: {},
    b: {},
  };
}

function toFunction({ name, line, body, end }: MeasuredFile['functions'][number]): CoveredFunction {
  return { name, line, decl: lines(line, line), loc: lines(body, end) };
}

function lines(first: number, last: number): Span {
  return { start: { line: first, column: 0 }, end: { line: last, column: farRight } };
}

function numbered<Value>(values: readonly Value[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(values.map((value, index) => [String(index), value]));
}
