import type { Circus } from '@jest/types';

/** As Jest prints it, and matches it against `-t`: the names of the describe blocks and of the test. */
export function testName(test: Circus.TestEntry): string {
  const names = [test.name];
  for (let block = test.parent; block.parent; block = block.parent) names.unshift(block.name);
  return names.join(' ');
}
