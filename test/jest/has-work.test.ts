import type { Circus } from '@jest/types';
import { hasWork, type TestSelection } from '../../src/jest/has-work.ts';

type Mode = 'skip' | 'only' | 'todo' | undefined;
interface Block {
  readonly mode?: Mode;
  readonly hooks?: readonly string[];
  readonly tests?: Readonly<Record<string, Mode>>;
  readonly blocks?: readonly Block[];
}

/** As jest-circus builds it: a test of a skipped block has that mode too. */
function build({ mode, hooks = [], tests = {}, blocks = [] }: Block, parent?: object): Circus.DescribeBlock {
  const block = {
    type: 'describeBlock',
    name: parent ? 'block' : 'ROOT_DESCRIBE_BLOCK',
    parent,
    mode,
    hooks: hooks.map(type => ({ type })),
    children: [] as unknown[],
  };
  for (const [name, own] of Object.entries(tests))
    block.children.push({ type: 'test', name, mode: own ?? mode, parent: block });
  for (const inner of blocks) block.children.push(build({ ...inner, mode: inner.mode ?? mode }, block));
  return block as unknown as Circus.DescribeBlock;
}

const all = { hasFocusedTests: false, testNamePattern: null };
const focused = { ...all, hasFocusedTests: true };
const named = (pattern: RegExp) => ({ ...all, testNamePattern: pattern });

test.each<[string, Block, TestSelection, boolean]>([
  ['no test', {}, all, false],
  ['a test', { tests: { one: undefined } }, all, true],
  ['a test of a block', { blocks: [{ tests: { one: undefined } }] }, all, true],
  ['a skipped one', { hooks: ['beforeAll', 'afterAll'], tests: { one: 'skip' } }, all, false],
  [
    'a skipped block',
    { blocks: [{ mode: 'skip', hooks: ['beforeAll'], tests: { one: undefined } }] },
    all,
    false,
  ],
  ['a todo', { hooks: ['beforeEach'], tests: { one: 'todo' } }, all, false],
  ['a todo with a hook before all', { hooks: ['beforeAll'], tests: { one: 'todo' } }, all, true],
  [
    'a todo with a hook after all of the outer block',
    { hooks: ['afterAll'], blocks: [{ tests: { one: 'todo' } }] },
    all,
    true,
  ],
  ['a todo beside a focused one elsewhere', { hooks: ['beforeAll'], tests: { one: 'todo' } }, focused, false],
  ['one that is not focused', { hooks: ['beforeAll'], tests: { one: undefined } }, focused, false],
  ['one that is focused', { tests: { one: 'only', two: undefined } }, focused, true],
  ['a name that matches', { tests: { one: undefined } }, named(/^one$/), true],
  [
    'a name of block and test that matches',
    { blocks: [{ tests: { one: undefined } }] },
    named(/^block one$/),
    true,
  ],
  ['names that do not match', { hooks: ['beforeAll'], tests: { one: undefined } }, named(/two/), false],
  ['a skipped one that matches', { tests: { one: 'skip' } }, named(/one/), false],
])('%s', (_, block, selection, expected) => {
  expect(hasWork(build(block), selection)).toBe(expected);
});
