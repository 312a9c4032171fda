import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findNearest } from '../../src/files/find-nearest.ts';
import { temporaryFolder } from '../launch/temporary-folder.ts';

const file = { kind: 'file', depth: 4, entries: 1000 } as const;

test('findNearest() prefers the place that has more of the path', () => {
  const root = temporaryFolder({ 'a/bin/python': '', 'b/c/.tox/py/bin/python': '' });
  const found = findNearest('.tox/py/bin/python', { ...file, from: [root], depth: 8 });
  expect(found).toBe(join(root, 'b/c/.tox/py/bin/python'));
});

test('findNearest() prefers the place higher up in the tree', () => {
  const root = temporaryFolder({ 'a/b/c/x': '', 'z/x': '' });
  expect(findNearest('x', { ...file, from: [root] })).toBe(join(root, 'z/x'));
});

test('findNearest() stops at its depth and at its number of entries', () => {
  const root = temporaryFolder({ 'a/b/x': '', 'c/': '', 'd/': '' });
  expect(findNearest('x', { ...file, from: [root], depth: 1 })).toBeUndefined();
  expect(findNearest('x', { ...file, from: [root], entries: 3 })).toBeUndefined();
  expect(findNearest('x', { ...file, from: [root], depth: 2, entries: 5 })).toBe(join(root, 'a/b/x'));
});

test('findNearest() follows links to files and not to folders', () => {
  const root = temporaryFolder({ 'a/real': '' });
  symlinkSync('real', join(root, 'a/link'));
  symlinkSync('..', join(root, 'a/up'));
  symlinkSync('nowhere', join(root, 'dangling'));
  expect(findNearest('link', { ...file, from: [root] })).toBe(join(root, 'a/link'));
  expect(findNearest('dangling', { ...file, from: [root] })).toBeUndefined();
});

test('findNearest() looks into node_modules for programs only', () => {
  const root = temporaryFolder({ 'node_modules/x/bin/tsx': '', 'node_modules/.bin/tsx': '' });
  expect(findNearest('tsx', { ...file, from: [root] })).toBe(join(root, 'node_modules/.bin/tsx'));
  expect(findNearest('x/bin/tsx', { ...file, from: [root] })).toBe(join(root, 'node_modules/.bin/tsx'));
});

test('findNearest() finds nothing for a path without a name', () => {
  expect(findNearest('..', { ...file, from: ['/'] })).toBeUndefined();
  expect(findNearest('', { ...file, from: ['/nowhere'] })).toBeUndefined();
});

test('findNearest() takes the nearest folder above, and never the root of the file system', () => {
  const root = temporaryFolder({ 'x/bin/': '', 'x/a/x/bin/': '', 'x/a/b/c/': '' });
  const search = { ...file, kind: 'directory', from: [join(root, 'x/a/b/c')] } as const;
  expect(findNearest('x/bin', search)).toBe(join(root, 'x/a/x/bin'));
  expect(findNearest('tmp', search)).toBeUndefined();
});

test('findNearest() stays out of what tools keep for themselves, and of links to folders', () => {
  const elsewhere = temporaryFolder({ 'sub/x': '' });
  const root = temporaryFolder({
    '.git/x': '',
    'site-packages/x': '',
    '__pycache__/x': '',
    '.live-worker/x': '',
  });
  symlinkSync(elsewhere, join(root, 'link'));
  expect(findNearest('x', { ...file, from: [root] })).toBeUndefined();
});

test('findNearest() takes dots out of the path', () => {
  const root = temporaryFolder({ 'a/tools/x': '', 'tools/x': '', 'b/': '' });
  expect(findNearest('./../tools/./x', { ...file, from: [join(root, 'a')] })).toBe(join(root, 'tools/x'));
});
