import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import fc from 'fast-check';
import { openTestFileFolder } from '../../src/records/open-test-file-folder.ts';

let outside: string;
let rootDir: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'run-folder-'));
  rootDir = join(outside, 'root');
});
afterEach(() => rmSync(outside, { recursive: true }));

const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '~',
    '-rf',
    'a.test.js',
    'A.test.js',
    'é',
    'e\u0301',
    '\n',
    '\0',
    '*',
    '$(x)',
    '%2e%2e',
  ),
  fc.constantFrom('con', 'watchdog.ndjson', 'latest', '__', '\\..\\', 'C:', '\u202e', '\ud800', '👩‍💻', ' '),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.nat(400).map(count => 'x'.repeat(count)),
  fc.nat(400).map(count => '.'.repeat(count)),
);
const testPath = fc
  .tuple(fc.boolean(), fc.array(piece, { maxLength: 8 }))
  .map(([isAbsolute, pieces]) => (isAbsolute ? sep : '') + pieces.join(sep));

test('openTestFileFolder() makes a folder of its own for every test file, right inside of the run, whatever the file is called', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(testPath, fc.boolean(), (path, isInside) => {
      const { base, path: folder } = openTestFileFolder(rootDir, isInside ? join(rootDir, path) : path);
      expect(dirname(dirname(folder))).toBe(base);
      expect(basename(folder)).toMatch(/^[\w-][\w.-]{0,130}$/);
      expect(lstatSync(folder).isDirectory()).toBe(true);
      expect(seen.has(folder)).toBe(false);
      seen.add(folder);
    }),
    { numRuns: 500 },
  );
  expect(readdirSync(outside)).toEqual(['root']);
  expect(readdirSync(rootDir)).toEqual(['.live-worker']);
});

test.each([
  ['a file beyond rootDir', '../other/a.test.js', '__other__a.test.js'],
  ['dots only', '...', 'test'],
  ["a file called as the watchdog's record", 'watchdog.ndjson', 'watchdog_ndjson'],
  ['a name that is cut before a dot', `${'x'.repeat(10)}${'.'.repeat(119)}y`, 'y'],
])('openTestFileFolder() names %s', (_, path, name) => {
  expect(basename(openTestFileFolder(rootDir, join(rootDir, path)).path)).toBe(name);
});
