import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findVenvs } from '../../../src/launch/executable/find-venvs.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const foldersFrom = (rootDir: string, cwd = rootDir) =>
  findVenvs({ cwd, rootDir, platform: 'linux' }).venvs.map(({ folder }) => folder);

test('findVenvs() finds .venv, venv and each of tox, without the ones tox keeps for itself', () => {
  const root = temporaryFolder({
    '.venv/bin/python': '',
    'venv/bin/python': '',
    '.tox/py/bin/python': '',
    '.tox/lint/bin/python': '',
    '.tox/.pkg/bin/python': '',
    '.tox/empty/': '',
    'env/bin/python': '',
  });
  expect(foldersFrom(root)).toEqual(['.venv', 'venv', '.tox/lint', '.tox/py'].map(name => join(root, name)));
});

test('findVenvs() stops at the nearest directory that has one, and at rootDir', () => {
  const root = temporaryFolder({ '.venv/bin/python': '', 'a/b/c/': '', 'a/venv/bin/python': '', 'x/y/': '' });
  expect(foldersFrom(root, join(root, 'a/b/c'))).toEqual([join(root, 'a/venv')]);
  expect(foldersFrom(root, join(root, 'x/y'))).toEqual([join(root, '.venv')]);
  expect(foldersFrom(join(root, 'x'), join(root, 'x/y'))).toEqual([]);
  expect(foldersFrom(`${root}/x/`, join(root, 'x/y'))).toEqual([]);
});

test('findVenvs() looks only into a cwd outside of rootDir', () => {
  const root = temporaryFolder({ '.venv/bin/python': '', 'project/': '', 'project-two/app/': '' });
  expect(foldersFrom(join(root, 'project'), join(root, 'project-two/app'))).toEqual([]);
  expect(foldersFrom(join(root, 'project'), root)).toEqual([join(root, '.venv')]);
});

test('findVenvs() counts a venv once when venv is a link to .venv, and one whose python is gone', () => {
  const root = temporaryFolder({ '.venv/bin/': '' });
  symlinkSync('/nowhere/python3', join(root, '.venv/bin/python'));
  symlinkSync('.venv', join(root, 'venv'));
  expect(foldersFrom(root)).toEqual([join(root, '.venv')]);
});

test('findVenvs() knows the folders of Windows', () => {
  const root = temporaryFolder({ '.venv/Scripts/python.exe': '' });
  const { venvs } = findVenvs({ cwd: root, rootDir: root, platform: 'win32' });
  expect(venvs.map(({ programs }) => programs)).toEqual([join(root, '.venv/Scripts')]);
});
