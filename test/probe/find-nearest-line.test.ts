import { findNearestLine } from '../../src/probe/find-nearest-line.ts';

const lines = [
  'loading configuration',
  'INFO  2026-01-02 worker ready',
  'listening on port 3001',
  'heartbeat',
].map(line => ({ line, stream: 'stdout' as const }));
const pattern = (source: RegExp) => ({ source: source.source, flags: source.flags });

test.each<[string, string | RegExp, number]>([
  ['letters swapped', 'wroker ready', 1],
  ['letters swapped in a RegExp', /wroker ready/, 1],
  ['another case', 'Worker Ready', 1],
  ['an anchor', /^worker ready$/, 1],
  ['other spaces', 'worker  ready', 1],
  ['a class for text', /worker rready \d+/, 1],
  ['one of two alternatives', /all is up|(?:worker|thread) is raedy|lisstening on port/, 2],
  ['a dot', /listening\.on\.port/, 2],
  ['most of the words', 'port now listening', 2],
  ['a dash for a space', 'worker-ready', 1],
])('findNearestLine() finds what differs by %s', (_what, wanted, index) => {
  const given = typeof wanted === 'string' ? wanted : pattern(wanted);
  expect(findNearestLine(given, lines)).toEqual(lines[index]);
});

test.each<[string, string | RegExp]>([
  ['nothing like it', 'consuming from queue'],
  ['one common word', 'worker is consuming'],
  ['a few letters', 'up'],
  ['a RegExp without letters', /\d+/],
  ['a pattern of a screen', 'worker ready '.repeat(20)],
])('findNearestLine() finds nothing for %s', (_what, wanted) => {
  expect(findNearestLine(typeof wanted === 'string' ? wanted : pattern(wanted), lines)).toBeUndefined();
});

test('findNearestLine() takes the nearest, and the later of two', () => {
  const [first, second, third] = ['worker redy', 'worker ready!', 'worker ready!'].map((line, index) => ({
    line,
    stream: index === 2 ? ('stderr' as const) : ('stdout' as const),
  }));
  expect(findNearestLine('worker ready', [first, second] as never)).toEqual(second);
  expect(findNearestLine('worker ready', [first, second, third] as never)).toEqual(third);
});

test('findNearestLine() is done soon, however much there is', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    line: `${index} the worker is ${'x'.repeat(400)}`,
    stream: 'stdout' as const,
  }));
  const startedAt = performance.now();
  expect(findNearestLine('the worker is ready to take what comes', many)).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
