import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { LiveWorkerError } from '../../../src/errors.ts';
import { openSocketFolder } from '../../../src/supervisor/socket/socket-folder.ts';
import { ownFolder } from '../own-run.ts';

const user = process.getuid?.() ?? 0;
const own = `lw-${user}`;

test('openSocketFolder() makes a folder of this user alone in XDG_RUNTIME_DIR', () => {
  const runtime = ownFolder();
  const path = openSocketFolder({ XDG_RUNTIME_DIR: runtime }, ownFolder());
  expect(path).toBe(join(runtime, 'live-worker'));
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(openSocketFolder({ XDG_RUNTIME_DIR: runtime }, '/nowhere')).toBe(path);
});

test.each([
  ['is not set', () => undefined],
  ['is relative', () => 'run'],
  ['is not there', () => '/nowhere/run'],
  ['is open to others', () => openToOthers(ownFolder())],
  ['is so deep that no socket fits in', () => deepFolder(ownFolder())],
])('openSocketFolder() takes the temporary folder where XDG_RUNTIME_DIR %s', (_, runtime) => {
  const temporary = ownFolder();
  expect(openSocketFolder({ XDG_RUNTIME_DIR: runtime() }, temporary)).toBe(join(temporary, own));
});

test('openSocketFolder() takes /tmp where the temporary folder is too deep', () => {
  expect(openSocketFolder({}, deepFolder(ownFolder()))).toBe(join('/tmp', own));
});

test.each([
  ['a link', (path: string) => symlinkSync(ownFolder(), path), 'it is a link'],
  ['a file', (path: string) => writeFileSync(path, '', { mode: 0o600 }), 'it is no folder'],
  ['open to others', (path: string) => void openToOthers(madeFolder(path)), 'others may enter it (mode 755)'],
])('openSocketFolder() refuses what is %s', (_, plant, why) => {
  const temporary = ownFolder();
  plant(join(temporary, own));
  expect(refusalIn(temporary)).toMatchObject({ code: 'SUPERVISOR_UNSAFE', details: { why } });
});

const testAsRoot = user === 0 ? test : test.skip;

testAsRoot('openSocketFolder() refuses what belongs to another user', () => {
  const temporary = ownFolder();
  chownSync(madeFolder(join(temporary, own)), 65_534, 65_534);
  expect(refusalIn(temporary)?.message).toContain(
    'it belongs to user 65534, and this is user 0\nDelete it, or set',
  );
});

test('openSocketFolder() says what is in its way where it cannot make it', () => {
  expect(refusalIn('/nowhere')?.message).toContain('it cannot be made: ENOENT');
});

function refusalIn(temporary: string): LiveWorkerError | undefined {
  try {
    openSocketFolder({}, temporary);
    return undefined;
  } catch (error) {
    return error as LiveWorkerError;
  }
}

function madeFolder(path: string): string {
  mkdirSync(path, { mode: 0o700 });
  return path;
}

function openToOthers(path: string): string {
  chmodSync(path, 0o755);
  return path;
}

function deepFolder(parent: string): string {
  return madeFolder(join(parent, 'x'.repeat(60)));
}

test('openSocketFolder() counts a temporary folder from where Jest was started', () => {
  const temporary = ownFolder();
  expect(openSocketFolder({}, relative(process.cwd(), temporary))).toBe(join(temporary, own));
});
