import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findNearestFile } from '../../src/files/find-nearest-file.ts';
import { findPythonModule } from '../../src/launch/executable/find-python-module.ts';
import { temporaryFolder } from '../launch/temporary-folder.ts';

function projectWith(...files: readonly string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

test.each([
  ['ap', 'app.js'],
  ['app', 'app.js'],
  ['ap.js', 'app.js'],
  ['./wrker.py', 'worker.py'],
  ['src/task.ts', 'src/tasks.ts'],
  ['scr/tasks.ts', 'src/tasks.ts'],
  ['tasks.ts', 'src/tasks.ts'],
  ['settings.json', 'settings.yaml'],
  ['nothing-like-it.js', undefined],
])('findNearestFile() takes %s for %s', (wanted, found) => {
  const folder = projectWith('app.js', 'worker.py', 'src/tasks.ts', 'settings.yaml', 'lib/deep/x.js');
  const path = findNearestFile(join(folder, wanted), { cwd: folder, rootDir: folder });
  expect(path).toBe(found && join(folder, found));
});

test.each([
  ['ap', 'app', 'app.py'],
  ['ap.tasks', 'app', 'app.py'],
  ['tasks.mial', 'tasks.mail', 'tasks/mail.py'],
  ['taks.mail', 'tasks', 'tasks'],
  ['oprations', 'operations', 'src/operations.py'],
  ['dramatiq', undefined, undefined],
])('findPythonModule() has for %s the nearest module %s', (wanted, module, path) => {
  const folder = projectWith(
    'app.py',
    'tasks/__init__.py',
    'tasks/mail.py',
    'src/operations.py',
    'docs/aps.md',
  );
  const { nearest, sourceFolders } = findPythonModule(wanted, { cwd: folder, rootDir: folder });
  expect(sourceFolders).toEqual([]);
  expect(nearest).toEqual(module && { module, path: join(folder, path ?? '') });
});

test('findPythonModule() knows what the module of the project defines', () => {
  const folder = projectWith('app.py');
  writeFileSync(
    join(folder, 'app.py'),
    'from celery import Celery\napp: Celery = Celery()\nbroker = 1\n_own = 2\nx == 3\nclass Tasks:\n  inner = 1\nasync def run():\n  pass\n',
  );
  const { names, nearest } = findPythonModule('app', { cwd: folder, rootDir: folder });
  expect(names).toEqual(['app', 'broker', 'Tasks', 'run']);
  expect(nearest).toBeUndefined();
});
