import { RunCounts } from '../../../src/coverage/node/run-counts.ts';
import type { V8Function } from '../../../src/coverage/node/v8-dump.ts';

const of = (...ranges: readonly (readonly [start: number, end: number, count: number])[]): V8Function => ({
  functionName: '',
  isBlockCoverage: true,
  ranges: ranges.map(([startOffset, endOffset, count]) => ({ startOffset, endOffset, count })),
});

/** A script of 100 characters, with a function in it from 10 to 50 and a block in that from 20 to 30. */
const first = [of([0, 100, 1]), of([10, 50, 0])];

test('RunCounts does not take for run what a later dump leaves out', () => {
  const counts = new RunCounts({ counted: [first], fresh: [[of([0, 100, 3])]] });
  expect([counts.at(5), counts.at(25), counts.calls(15, 50)]).toEqual([3, 0, 0]);
});

test('RunCounts knows the first dump of a process by itself', () => {
  const counts = new RunCounts({ counted: [], fresh: [first, [of([10, 50, 2], [20, 30, 1])]] });
  expect([counts.at(5), counts.at(15), counts.at(25), counts.calls(15, 50)]).toEqual([1, 2, 1, 2]);
});

test('RunCounts adds the dumps of several processes, and none that was counted before', () => {
  const ran = [of([0, 100, 1]), of([10, 50, 2], [20, 30, 0])];
  const counts = new RunCounts({ counted: [ran], fresh: [ran, first, ran] });
  expect([counts.at(5), counts.at(15), counts.at(25), counts.calls(15, 50)]).toEqual([3, 4, 0, 4]);
});

test('RunCounts takes a function for a value of the place it begins at', () => {
  const counts = new RunCounts({ counted: [], fresh: [[of([0, 100, 1]), of([10, 50, 7])]] });
  expect([counts.at(10), counts.at(11)]).toEqual([1, 7]);
});
