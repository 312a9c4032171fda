import { summarize } from './run-suite.ts';

const file = (name: string, status: string, outcomes: Readonly<Record<string, string>> = {}) => ({
  name,
  status,
  assertionResults: Object.entries(outcomes).map(([fullName, outcome]) => ({ fullName, status: outcome })),
});

test('summarize() counts what passed', () => {
  const testResults = [file('a.test.ts', 'passed', { one: 'passed', two: 'pending' })];
  expect(summarize(0, { numPassedTests: 1, testResults })).toEqual({
    passed: true,
    summary: 'pass: 1 passed, 0 failed',
    failures: [],
  });
});

test('summarize() names the tests that failed and the files that could not be run', () => {
  const testResults = [
    file('a.test.ts', 'failed', { one: 'passed', two: 'failed' }),
    file('b.test.ts', 'failed'),
  ];
  expect(summarize(1, { numPassedTests: 1, testResults })).toEqual({
    passed: false,
    summary: 'FAIL: 1 passed, 2 failed',
    failures: ['two', 'b.test.ts (the file)'],
  });
});

test.each([
  ['a Jest that ended before it told anything', 1, 0, 'FAIL: 0 passed, 0 failed, Jest ended with 1'],
  ['a Jest that was killed', null, 0, 'FAIL: 0 passed, 0 failed, Jest ended with null'],
  ['a run of nothing', 0, 0, 'FAIL: 0 passed, 0 failed'],
])('summarize() takes %s for a failure', (_, code, numPassedTests, summary) => {
  expect(summarize(code, { numPassedTests, testResults: [] })).toMatchObject({ passed: false, summary });
});
