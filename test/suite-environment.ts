import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import type { ProcessIdentity } from '../src/process/table/process-entry.ts';
import { isAlive } from '../src/process/table/process-identity.ts';
import { initialVariable, readCommandLine, readProcessTable } from '../src/process/table/process-table.ts';
import { signalProcess } from '../src/process/tree/signal-process.ts';

/** What is on its way out is given this long. */
const limitMs = 3_000;

/**
 * The environment of the suite's own test files: a file that leaves a process alive fails, and the process is ended. Its last
 * test takes the blame, for Jest drops the results of a file whose environment fails.
 */
export default class SuiteEnvironment extends TestEnvironment {
  readonly #mark: string;
  #lastTest: Circus.TestEntry | undefined;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    const mark = `${basename(context.testPath)}.${process.pid}.${randomBytes(4).toString('hex')}`;
    process.env.SUITE_FILE = mark;
    super(config, context);
    this.#mark = mark;
  }

  async handleTestEvent(event: Circus.AsyncEvent | Circus.SyncEvent): Promise<void> {
    if (event.name === 'test_done') this.#lastTest = event.test;
    if (event.name !== 'run_finish') return;
    const left = await endLeftAlive(this.#mark);
    if (left === undefined) return;
    if (!this.#lastTest) throw left;
    this.#lastTest.errors.push(left);
  }

  /** For a file whose tests never ran. */
  override async teardown(): Promise<void> {
    await super.teardown();
    const left = await endLeftAlive(this.#mark);
    if (left !== undefined) process.stderr.write(`${this.#mark}: ${left.message}\n`);
  }
}

/** One scan, when all is well. */
async function endLeftAlive(mark: string): Promise<Error | undefined> {
  const deadline = performance.now() + limitMs;
  let marked = findMarked(mark);
  while (marked.length > 0 && performance.now() < deadline) {
    await sleep(50);
    if (!marked.some(isAlive)) marked = findMarked(mark);
  }
  const left = marked.filter(isAlive);
  if (left.length === 0) return undefined;
  const lines = left.map(({ pid }) => `  pid ${pid}: ${readCommandLine(pid)}`);
  for (const identity of left) signalProcess(identity, 'SIGKILL');
  return new Error(`This file left processes alive:\n${lines.join('\n')}`);
}

function findMarked(mark: string): readonly ProcessIdentity[] {
  return (readProcessTable() ?? []).filter(
    ({ pid, state }) => state !== 'Z' && initialVariable(pid, 'SUITE_FILE') === mark,
  );
}
