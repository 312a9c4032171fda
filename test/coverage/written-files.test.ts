import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CoverageFolder, openCoverageFolder } from '../../src/coverage/coverage-folder.ts';
import { claimNodeScripts, claimPythonData, listWriters } from '../../src/coverage/written-files.ts';

let folder: CoverageFolder;
let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'lw-written-'));
  folder = openCoverageFolder(join(path, 'ops.coverage'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const dump = (count: number) =>
  JSON.stringify({
    result: [
      {
        url: 'file:///shop/a.js?once',
        functions: [
          { functionName: '', isBlockCoverage: true, ranges: [{ startOffset: 0, endOffset: 9, count }] },
        ],
      },
    ],
  });

test('claimNodeScripts() counts what a process wrote once, and knows it the next time', () => {
  writeFileSync(join(folder.node, 'coverage-7-1700000000000-0.json'), dump(1));
  const [first] = claimNodeScripts([folder]);
  expect(first).toMatchObject({ path: '/shop/a.js', counted: [], fresh: [[{ ranges: [{ count: 1 }] }]] });
  expect(claimNodeScripts([folder])).toEqual([]);
  writeFileSync(join(folder.node, 'coverage-7-1700000000001-0.json'), dump(2));
  const [second] = claimNodeScripts([folder]);
  expect(second).toMatchObject({
    counted: [[{ ranges: [{ count: 1 }] }]],
    fresh: [[{ ranges: [{ count: 2 }] }]],
  });
});

test('claimNodeScripts() leaves out what its process did not write to the end', () => {
  writeFileSync(join(folder.node, 'coverage-7-1700000000000-0.json'), dump(1).slice(0, 40));
  expect(claimNodeScripts([folder])).toEqual([]);
});

test.each([
  ['data.host.7.123456', 7],
  ['data.my.host.4.example.pid7.XaBc.H8Wue0', 7],
  ['data.host.pid7.XaBcDe', 7],
])('listWriters() and claimPythonData() know the files of coverage.py: %s', (name, pid) => {
  writeFileSync(join(folder.python, name), '');
  writeFileSync(join(folder.python, `${name}-journal`), '');
  writeFileSync(join(folder.python, '7.interpreter.json'), '{}');
  expect([...listWriters(folder).python]).toEqual([pid]);
  expect(claimPythonData(folder)).toEqual([join(folder.python, `${name}.counted`)]);
  expect(claimPythonData(folder)).toEqual([]);
  expect([...listWriters(folder).python]).toEqual([pid]);
});
