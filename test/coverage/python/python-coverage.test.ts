import { toV8Functions } from '../../../src/coverage/python/python-as-v8.ts';
import { toFileCoverage } from '../../../src/coverage/python/python-coverage.ts';

const text =
  'def f(n):\n    """F."""\n    if n:\n        return 1\n\n    return 2\n\ndef g():\n    return 3\n';
const file = {
  path: '/shop/price.py',
  statements: [1, 3, 4, 6, 8, 9],
  missing: [4, 9],
  functions: [
    { name: 'f', line: 1, body: 2, end: 6 },
    { name: 'g', line: 8, body: 9, end: 9 },
  ],
};

test('toFileCoverage() has a statement for each that coverage.py has, and the functions', () => {
  const { path, statementMap, s, fnMap, f, branchMap } = toFileCoverage(file);
  expect(path).toBe('/shop/price.py');
  expect(Object.values(statementMap).map(({ start }) => start.line)).toEqual([1, 3, 4, 6, 8, 9]);
  expect(Object.values(s)).toEqual([1, 1, 0, 1, 1, 0]);
  expect(Object.values(fnMap).map(({ name, line }) => [name, line])).toEqual([
    ['f', 1],
    ['g', 8],
  ]);
  expect(Object.values(f)).toEqual([1, 0]);
  expect(branchMap).toEqual({});
});

test('toV8Functions() covers each line, one without a statement as the statement above it', () => {
  const lines = text
    .split('\n')
    .map((_, index, all) => all.slice(0, index).join('\n').length + (index ? 1 : 0));
  const functions = toV8Functions(file, text);
  const countOf = (line: number) =>
    functions
      .flatMap(({ ranges }) =>
        ranges.filter(({ startOffset, endOffset }) => {
          const start = lines[line - 1] ?? 0;
          const end = (lines[line] ?? text.length + 1) - 1;
          return startOffset <= start && end <= endOffset;
        }),
      )
      .at(-1)?.count;
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(countOf)).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 0]);
  expect(
    functions
      .filter(({ functionName }) => functionName !== '')
      .map(({ functionName, ranges }) => [functionName, ranges[0]?.count]),
  ).toEqual([
    ['f', 1],
    ['g', 0],
  ]);
});
