import { statementsOf } from './statement.ts';

/** The transaction of a session as it is when all that was sent is done. */
export interface SentTransaction {
  readonly isOpen: boolean;
  /** Those of it that write. */
  readonly statements: readonly string[];
  /** Those that write and are committed by the next Sync, unless a transaction begins before. */
  readonly implicit: readonly string[];
  /** What the last query committed; empty where nothing that writes was seen in it. */
  readonly committed: readonly string[] | undefined;
}

export const noTransaction: SentTransaction = {
  isOpen: false,
  statements: [],
  implicit: [],
  committed: undefined,
};

/** Of a transaction; most have a few. */
const mostStatements = 16;

/**
 * @param sql of a simple query, which commits what it writes when it ends; with `isUntilSync`, one statement that waits for Sync
 */
export function afterQuery(
  before: SentTransaction,
  sql: string,
  { isUntilSync = false } = {},
): SentTransaction {
  let { isOpen, statements } = before;
  let own = before.implicit;
  let committed: readonly string[] | undefined;
  for (const { kind, sql: statement } of statementsOf(sql)) {
    if (kind === 'begin' && !isOpen) {
      // What this query has written before becomes part of the transaction.
      [isOpen, statements, own] = [true, own, []];
    } else if (kind === 'commit' && isOpen) {
      [isOpen, committed, statements] = [false, [...(committed ?? []), ...statements], []];
    } else if (kind === 'rollback') {
      [isOpen, statements, own] = [false, [], []];
    } else if (isWriting(kind) && isOpen) statements = added(statements, statement);
    // The rows of a COPY come later, and commit.
    else if (kind === 'write' || (kind === 'copy-in' && isUntilSync)) own = added(own, statement);
  }
  if (!isUntilSync && own.length > 0) {
    committed = [...(committed ?? []), ...own];
    own = [];
  }
  return { isOpen, statements, implicit: own, committed };
}

function isWriting(kind: string): boolean {
  return kind === 'write' || kind === 'copy-in';
}

function added(statements: readonly string[], statement: string): readonly string[] {
  return statements.length < mostStatements ? [...statements, statement] : statements;
}
