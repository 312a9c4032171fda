import { parseArgs } from 'node:util';

export interface NodesRequest {
  readonly nodeMajors: readonly number[];
  readonly runs: number;
  /** What Jest gets: patterns of test files, options. */
  readonly jestWords: readonly string[];
}

const usage = 'write npm run test:nodes -- [--nodes 20,22,24] [--runs COUNT] [-- JEST ARGUMENTS…]';

export function parseNodesRequest(words: readonly string[]): NodesRequest {
  const { values, positionals } = readWords(words);
  return {
    nodeMajors: values.nodes.split(',').map(word => parseCount('--nodes', word)),
    runs: parseCount('--runs', values.runs),
    jestWords: positionals,
  };
}

function readWords(words: readonly string[]) {
  const options = {
    nodes: { type: 'string', default: '20,22,24' },
    runs: { type: 'string', default: '1' },
  } as const;
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new Error(`Cannot run the suite: ${(error as Error).message}\n${usage}`);
  }
}

function parseCount(option: string, word: string): number {
  if (!/^[1-9]\d*$/.test(word)) {
    throw new Error(`Cannot run the suite: ${option} wants whole numbers from 1, not "${word}"\n${usage}`);
  }
  return Number(word);
}
