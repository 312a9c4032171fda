/** A line from 1 and a column from 0, in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** What Istanbul keeps of one file; see istanbul-lib-coverage. */
export interface FileCoverage {
  readonly path: string;
  readonly statementMap: Readonly<Record<string, Span>>;
  readonly fnMap: Readonly<Record<string, CoveredFunction>>;
  readonly branchMap: Readonly<Record<string, CoveredBranch>>;
  /** How often each statement ran. */
  readonly s: Readonly<Record<string, number>>;
  readonly f: Readonly<Record<string, number>>;
  /** For each branch how often each of its ways was taken. */
  readonly b: Readonly<Record<string, readonly number[]>>;
  /** Where the positions count in what a transformer made of the file. */
  readonly inputSourceMap?: unknown;
}

export interface CoveredFunction {
  readonly name: string;
  readonly line: number;
  readonly decl: Span;
  /** Its body. */
  readonly loc: Span;
}

export interface CoveredBranch {
  readonly type: string;
  readonly line: number;
  readonly loc: Span;
  /** An `else` that is not there has positions without a line. */
  readonly locations: readonly { readonly start: Partial<Position>; readonly end: Partial<Position> }[];
}
