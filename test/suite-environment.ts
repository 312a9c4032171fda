import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { isAlive, type ProcessIdentity } from '../src/process/process-identity.ts';
import { initialVariable, readCommandLine, readProcessTable } from '../src/process/process-table.ts';

/** What is on its way out is given this long. */
const limitMs = 3_000;

/** The environment of the suite's own test files: a file that leaves a process alive fails. */
export default class SuiteEnvironment extends TestEnvironment {
  readonly #mark: string;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    const mark = `${basename(context.testPath)}.${process.pid}.${randomBytes(4).toString('hex')}`;
    process.env.SUITE_FILE = mark;
    super(config, context);
    this.#mark = mark;
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    const left = await leftAlive(this.#mark);
    if (left.length > 0) throw new Error(`This file left processes alive:\n${left.join('\n')}`);
  }
}

/** One scan, when all is well. */
async function leftAlive(mark: string): Promise<readonly string[]> {
  const deadline = performance.now() + limitMs;
  let marked = findMarked(mark);
  while (marked.length > 0 && performance.now() < deadline) {
    await sleep(50);
    if (!marked.some(isAlive)) marked = findMarked(mark);
  }
  return marked.filter(isAlive).map(({ pid }) => `  pid ${pid}: ${readCommandLine(pid)}`);
}

function findMarked(mark: string): readonly ProcessIdentity[] {
  return (readProcessTable() ?? []).filter(
    ({ pid, state }) => state !== 'Z' && initialVariable(pid, 'SUITE_FILE') === mark,
  );
}
