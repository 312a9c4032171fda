import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeReport } from '../../src/report/html/write-report.ts';
import { mergeRuns } from '../../src/report/merge/merge-runs.ts';
import { readReport } from '../../src/report/merge/read-report.ts';
import { stuckFile, stuckLogs, withRunFolder } from './run-folder.ts';

test('mergeRuns() keeps the files, workers and lines of all shards apart', () =>
  withRunFolder(({ rootDir, run, write, read }) => {
    write('a.test.js', stuckFile(rootDir), stuckLogs);
    const path = writeReport(read(), join(run, 'report.html'));
    const model = readReport(path);
    expect(model).toEqual(read());
    const merged = mergeRuns([
      { name: 'one', model },
      { name: 'two', model },
    ]);
    expect(merged.files.map(({ id, shard, workers }) => [id, shard, workers])).toEqual([
      ['1.a.test.js', 'one', ['1.a.test.js/ops']],
      ['2.a.test.js', 'two', ['2.a.test.js/ops']],
    ]);
    expect(merged.workers.map(({ files }) => files)).toEqual([['1.a.test.js'], ['2.a.test.js']]);
    expect(merged.logs.filter(({ test }) => test === '2.a.test.js:2').map(({ text }) => text)).toEqual([
      'took it',
    ]);
    expect(readReport(writeReport(merged, path))).toEqual(merged);
  }));

test.each([
  ['no report', '<p>hello</p>', /has no data of a run/],
  [
    'data that were cut off',
    '<script type="application/octet-stream" id="data">H4sIA</script>',
    /cut off, or of another version/,
  ],
])('readReport() refuses %s', (_, text, message) =>
  withRunFolder(({ run }) => {
    const path = join(run, 'x.html');
    writeFileSync(path, text);
    expect(() => readReport(path)).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }),
);

test('readReport() refuses a file that is not there', () => {
  expect(() => readReport('/nowhere/report.html')).toThrow(
    /"\/nowhere\/report.html": it cannot be read \(ENOENT\)/,
  );
});
