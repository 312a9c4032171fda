import { createContext, Script } from 'node:vm';

/** How long a RegExp may take; milliseconds. One that backtracks without end would stop Jest, its deadlines included. */
const patternLimitMs = 1_000;

const sandbox = createContext({});
const script = new Script('texts.findIndex(text => pattern.test(text))');

/** The index of the first text that holds the pattern, -1 when none does; `'too slow'` when it was given up. */
export function findMatch(pattern: RegExp, texts: readonly string[]): number | 'too slow' {
  Object.assign(sandbox, { pattern, texts });
  try {
    return script.runInContext(sandbox, { timeout: patternLimitMs }) as number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too slow';
    throw error;
  } finally {
    Object.assign(sandbox, { pattern: undefined, texts: undefined });
  }
}

/** What is wrong with a pattern that was given up. */
export function describeSlowPattern(pattern: RegExp): string {
  return `the pattern ${pattern} was given up after ${patternLimitMs} ms: it tries too many ways to match; write it without a repetition inside of a repetition, such as (a+)+`;
}
