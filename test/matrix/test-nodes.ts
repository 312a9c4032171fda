/**
 * Runs the whole suite, or the part that is named, on each Node.
 *
 *     npm run test:nodes -- --nodes 22,24 --runs 3 -- test/end-to-end
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NodesRequest, parseNodesRequest } from './parse-nodes-request.ts';
import { provideNode } from './provide-node.ts';
import { runSuite, type SuiteRun } from './run-suite.ts';

testNodes().then(
  passed => process.exit(passed ? 0 : 1),
  error => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);

async function testNodes(): Promise<boolean> {
  const request = parseNodesRequest(process.argv.slice(2));
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-nodes-'));
  // Some tests run Jest as another user.
  chmodSync(folder, 0o755);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const lines: string[] = [];
  let passed = true;
  for await (const [number, run] of runAll(request, folder)) {
    passed &&= run.passed;
    lines.push(`Node ${run.node.version}, run ${number}: ${run.summary}`);
    lines.push(...run.failures.map(failure => `    ${failure}`));
    console.log(lines.join('\n'));
  }
  return passed;
}

async function* runAll(
  { nodeMajors, runs, jestWords }: NodesRequest,
  folder: string,
): AsyncGenerator<readonly [number, SuiteRun]> {
  for (const major of nodeMajors) {
    const node = await provideNode(major, folder);
    for (let number = 1; number <= runs; number += 1)
      yield [number, await runSuite(node, jestWords, join(folder, `${major}.${number}.json`))];
  }
}
