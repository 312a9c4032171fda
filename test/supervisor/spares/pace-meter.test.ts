import { PaceMeter } from '../../../src/supervisor/spares/pace-meter.ts';

test('the median of the last boots and files, of the run that goes on', () => {
  let nowMs = 0;
  const pace = new PaceMeter(() => nowMs);
  pace.beginRun(9);
  expect(pace).toMatchObject({ bootMs: undefined, fileMs: undefined, parallel: 0, left: 9 });
  for (const [bootMs, fileMs] of [
    [1_000, 100],
    [3_000, 300],
    [2_000, 200],
  ] as const) {
    const file = {};
    pace.begin(file);
    nowMs += bootMs;
    pace.noteReady(file);
    expect(pace.parallel).toBe(1);
    nowMs += fileMs;
    pace.end(file);
  }
  expect(pace).toMatchObject({ bootMs: 2_000, fileMs: 200, parallel: 0, left: 6 });
});

test('workers that were there already say nothing of how long they take, nor does a file that never had them', () => {
  let nowMs = 0;
  const pace = new PaceMeter(() => nowMs);
  const [first, spared, failed] = [{}, {}, {}];
  pace.begin(first);
  nowMs += 1_000;
  pace.noteReady(first);
  pace.begin(spared);
  nowMs += 1;
  pace.noteReady(spared);
  pace.begin(failed);
  pace.end(failed);
  expect(pace).toMatchObject({ bootMs: 1_000, fileMs: undefined, left: undefined });
});
