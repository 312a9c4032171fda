import { parseNodesRequest } from './parse-nodes-request.ts';

test('parseNodesRequest() takes every supported Node once where nothing is asked', () => {
  expect(parseNodesRequest([])).toEqual({ nodeMajors: [20, 22, 24], runs: 1, jestWords: [] });
});

test('parseNodesRequest() takes nodes, runs, and what Jest gets', () => {
  const words = ['--nodes', '22,24', '--runs=3', '--', 'test/end-to-end', '-i'];
  expect(parseNodesRequest(words)).toEqual({
    nodeMajors: [22, 24],
    runs: 3,
    jestWords: ['test/end-to-end', '-i'],
  });
});

test.each([
  [['--runs', '0'], '--runs wants whole numbers from 1, not "0"'],
  [['--nodes', '20,,24'], '--nodes wants whole numbers from 1, not ""'],
  [['--nodes', 'v20'], 'not "v20"'],
  [['--times', '3'], "'--times'"],
])('parseNodesRequest() refuses %j', (words, message) => {
  expect(() => parseNodesRequest(words)).toThrow(message);
  expect(() => parseNodesRequest(words)).toThrow('write npm run test:nodes');
});
