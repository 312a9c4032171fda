import type { Circus } from '@jest/types';
import { testName } from './test-name.ts';

/** Which tests run: those of `.only` alone, and those whose name matches `-t`. */
export type TestSelection = Pick<Circus.State, 'hasFocusedTests' | 'testNamePattern'>;

/**
 * True when a test or a hook of this block is going to run, by the rules of jest-circus (`_runTest`, `getAllHooksForDescribe`): a todo
 * runs nothing itself, but the hooks of all tests around it do run.
 */
export function hasWork(block: Circus.DescribeBlock, selection: TestSelection): boolean {
  if (runsHooksOfAll(block, selection)) return true;
  return block.children.some(child =>
    child.type === 'describeBlock' ? hasWork(child, selection) : isRun(child, selection),
  );
}

function isRun(test: Circus.TestEntry, { hasFocusedTests, testNamePattern }: TestSelection): boolean {
  if (test.mode === 'todo' || test.mode === 'skip' || test.parent.mode === 'skip') return false;
  if (hasFocusedTests && test.mode === undefined) return false;
  return !testNamePattern || testNamePattern.test(testName(test));
}

function runsHooksOfAll(block: Circus.DescribeBlock, selection: TestSelection): boolean {
  const hasHook = block.hooks.some(({ type }) => type === 'beforeAll' || type === 'afterAll');
  return hasHook && block.mode !== 'skip' && isEnabled(block, selection);
}

function isEnabled(block: Circus.DescribeBlock, selection: TestSelection): boolean {
  const { hasFocusedTests, testNamePattern } = selection;
  return block.children.some(child => {
    if (child.type === 'describeBlock') return isEnabled(child, selection);
    if (child.mode === 'skip' || (hasFocusedTests && child.mode !== 'only')) return false;
    return !testNamePattern || testNamePattern.test(testName(child));
  });
}
