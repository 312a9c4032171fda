import { findRuntime } from '../stacks/find-runtime.ts';
import { withInspector } from '../stacks/with-inspector.ts';
import type { ProcessEntry } from '../table/process-entry.ts';

/** What became of the question to one Node process. */
export interface CoverageTake {
  readonly pid: number;
  /** Why it did not write what it ran; undefined when it did. */
  readonly why?: string;
}

/** It writes the file before it answers, and its counters begin at 0 again. */
const take = `(process.getBuiltinModule?.('v8') ?? require('v8')).takeCoverage()`;

/** Has each Node process among those given write what it ran, one after the other: all want the same port. Never rejects. */
export async function takeCoverage(
  tree: readonly ProcessEntry[],
  limitMs: number,
): Promise<readonly CoverageTake[]> {
  const deadline = performance.now() + limitMs;
  const takes: CoverageTake[] = [];
  for (const entry of tree.filter(({ pid }) => findRuntime(pid) === 'node')) {
    const leftMs = deadline - performance.now();
    const why =
      leftMs > 0 ? await takeOf(entry, leftMs).catch(reasonOf) : 'others of the worker took all the time';
    takes.push({ pid: entry.pid, ...(why === undefined ? {} : { why }) });
  }
  return takes;
}

async function takeOf(entry: ProcessEntry, limitMs: number): Promise<undefined> {
  await withInspector(entry, { limitMs }, async inspector => {
    const answer = await inspector.send('Runtime.evaluate', {
      expression: take,
      includeCommandLineAPI: true,
    });
    const { exceptionDetails } = answer as { readonly exceptionDetails?: unknown };
    if (exceptionDetails) throw new Error('its v8.takeCoverage() failed');
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
