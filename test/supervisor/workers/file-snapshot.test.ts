import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSnapshot } from '../../../src/supervisor/workers/file-snapshot.ts';

const folder = mkdtempSync(join(tmpdir(), 'lw-snapshot-'));
const [one, two, three] = ['one.js', 'two.js', 'three.js'].map(name => join(folder, name)) as [
  string,
  string,
  string,
];
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  writeFileSync(one, '1');
  writeFileSync(two, '2');
  rmSync(three, { force: true });
});

test.each<[string, () => void, readonly string[], string | undefined]>([
  ['nothing', () => {}, [one, two], undefined],
  ['a file of another size', () => writeFileSync(two, '22'), [one, two], two],
  ['other content of the same size', () => rewrite(two, '3', new Date(1_000)), [one, two], two],
  ['the same content written anew', () => rewrite(two, '2', new Date(1_000)), [one, two], undefined],
  ['a new file', () => writeFileSync(three, '3'), [one, two, three], three],
  ['a file that is gone', () => rmSync(one), [one, two], one],
  ['a file that is no longer listed', () => {}, [two], one],
  ['a path that is listed and was never there', () => {}, [one, two, three], undefined],
])('findChange() of %s', async (_, change, paths, expected) => {
  const snapshot = await FileSnapshot.take([one, two]);
  expect(await snapshot.findChange([one, two])).toBeUndefined();
  change();
  expect(await snapshot.findChange(paths)).toBe(expected);
});

function rewrite(path: string, text: string, at: Date): void {
  writeFileSync(path, text);
  utimesSync(path, at, at);
}
