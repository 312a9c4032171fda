import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNearestPath } from '../../src/probe/find-nearest-path.ts';

const root = mkdtempSync(join(tmpdir(), 'nearest-path-'));
const cwd = join(root, 'ops');
mkdirSync(join(cwd, 'run'), { recursive: true });
for (const name of ['run/ops.ready', 'Worker.sock']) writeFileSync(join(cwd, name), '');
writeFileSync(join(root, 'root.ready'), '');
afterAll(() => rmSync(root, { recursive: true }));

const nearest = (asked: string, path = join(cwd, asked)) => findNearestPath({ asked, path }, root);

test.each([
  ['a letter', 'run/ops.redy', 'ops/run/ops.ready'],
  ['case', 'worker.sock', 'ops/Worker.sock'],
  ['the folder it counts from', 'root.ready', 'root.ready'],
  ['the folder it counts from, being its own name', 'ops/run/ops.ready', 'ops/run/ops.ready'],
])('findNearestPath() finds what differs by %s', (_what, asked, found) => {
  expect(nearest(asked)).toBe(join(root, found));
});

test('findNearestPath() finds nothing in a folder that is not there, nor far from the name', () => {
  expect(nearest('tmp/ops.ready')).toBeUndefined();
  expect(nearest('run/pid')).toBeUndefined();
  expect(nearest(join(root, 'other'), join(root, 'other'))).toBeUndefined();
});
