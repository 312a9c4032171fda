import { countSpares, type Pace } from '../../../src/supervisor/spares/spare-count.ts';

test.each<[string, 'auto' | number, Partial<Pace>, number]>([
  ['one before anything is known', 'auto', {}, 1],
  ['as many as begin while one boots', 'auto', { bootMs: 1_500, fileMs: 600, parallel: 1 }, 3],
  ['for each process of Jest', 'auto', { bootMs: 1_000, fileMs: 1_000, parallel: 2 }, 2],
  ['four at most', 'auto', { bootMs: 30_000, fileMs: 100, parallel: 2 }, 4],
  ['one where files are longer than a boot', 'auto', { bootMs: 100, fileMs: 9_000, parallel: 1 }, 1],
  ['none that no file is left for', 'auto', { bootMs: 1_500, fileMs: 100, parallel: 1, left: 2 }, 2],
  ['a number as it is', 7, { bootMs: 1, fileMs: 1_000, parallel: 1 }, 7],
  ['a number, but for the files that are left', 7, { left: 0 }, 0],
  ['none', 0, { bootMs: 1_500, fileMs: 100 }, 0],
])('countSpares(): %s', (_, spare, pace, wanted) => {
  expect(
    countSpares(spare, { bootMs: undefined, fileMs: undefined, parallel: 1, left: undefined, ...pace }),
  ).toBe(wanted);
});
