import { headlineOf } from '../errors.ts';

/** For problems that Jest has no place for: what it shows of the file is something else. */
export function reportBeside(testName: string, problems: readonly unknown[]): void {
  for (const problem of problems) {
    const text = problem instanceof Error ? headlineOf(problem) : String(problem);
    process.stderr.write(`live-worker: ${testName}: ${text}\n`);
  }
}
