import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLiveWorkerError } from '../../src/errors.ts';
import { openTestFileFolder } from '../../src/records/open-test-file-folder.ts';

let outside: string;
let rootDir: string;
let base: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'own-records-'));
  rootDir = join(outside, 'root');
  base = join(rootDir, '.live-worker');
  mkdirSync(rootDir);
});
afterEach(() => rmSync(outside, { recursive: true }));

const open = () => openTestFileFolder(rootDir, join(rootDir, 'a.test.js'));

function refusal(): string {
  try {
    open();
  } catch (error) {
    if (isLiveWorkerError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'opened';
}

/** As old as it takes for nobody to be sure whose it is. */
function age(path: string): void {
  utimesSync(path, 1_000, 1_000);
}

/** A run that is over, as the package leaves it behind. */
function plantRun(name: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const { path } = open();
  const own = JSON.parse(readFileSync(join(path, '..', 'run.ndjson'), 'utf8')) as object;
  const folder = join(base, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.ndjson'), JSON.stringify({ ...own, pid: 2 ** 22 + 1, ...changes }));
  age(folder);
  return folder;
}

test('openTestFileFolder() refuses a .live-worker that is a link, and writes nothing through it', () => {
  mkdirSync(join(outside, 'elsewhere'));
  symlinkSync(join(outside, 'elsewhere'), base);
  expect(refusal()).toContain(`RECORDS_NOT_OURS Cannot keep logs and records in "${base}": it is a link`);
  expect(readdirSync(join(outside, 'elsewhere'))).toEqual([]);
});

test.each(['held', 'turns'])('openTestFileFolder() refuses a link in the place of its folder "%s"', name => {
  mkdirSync(base, { mode: 0o700 });
  symlinkSync(outside, join(base, name));
  expect(refusal()).toContain(`RECORDS_NOT_OURS Cannot keep logs and records in "${join(base, name)}"`);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot(
  'openTestFileFolder() refuses a .live-worker of another user, not one of whom the project belongs to',
  () => {
    mkdirSync(base, { mode: 0o700 });
    chownSync(base, 4242, 4242);
    expect(refusal()).toContain('RECORDS_NOT_OURS');
    expect(refusal()).toContain('it belongs to user 4242');
    chownSync(rootDir, 4242, 4242);
    expect(refusal()).toBe('opened');
  },
);

test('openTestFileFolder() refuses a .live-worker that everybody may write in, where they may not in rootDir', () => {
  mkdirSync(base);
  chmodSync(base, 0o777);
  expect(refusal()).toContain(`every user may write in it (mode 777)\nDelete it, or chmod 700 it`);
  chmodSync(rootDir, 0o777);
  expect(refusal()).toBe('opened');
  chmodSync(rootDir, 0o1777);
  expect(refusal()).toContain('RECORDS_NOT_OURS');
});

test('openTestFileFolder() leaves alone what a .gitignore is a link to', () => {
  const precious = join(outside, 'precious');
  writeFileSync(precious, 'precious');
  mkdirSync(base, { mode: 0o700 });
  symlinkSync(precious, join(base, '.gitignore'));
  open();
  expect(readFileSync(precious, 'utf8')).toBe('precious');
});

test('openTestFileFolder() drops the oldest of its own runs that are over, and nothing else', () => {
  const names = ['2024-01', '2024-02', '1-2', '3-4', '5-6', '7-8', 'notes'];
  open();
  for (const name of names) {
    mkdirSync(join(base, name));
    writeFileSync(join(base, name, 'kept'), '');
    age(join(base, name));
  }
  const over = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => plantRun(name));
  const mine = readdirSync(base).filter(name => !names.includes(name) && name.startsWith('latest'));
  rmSync(join(open().path, '..'), { recursive: true });
  open();
  expect(over.filter(existsSync)).toHaveLength(4);
  expect(names.filter(name => existsSync(join(base, name, 'kept')))).toEqual(names);
  expect(mine).toEqual(['latest']);
});

describe('a run of another place', () => {
  const elsewhere = { boot: randomBytes(8).toString('hex') };
  const container = { namespace: 'pid:[1]' };

  test.each([
    ['machine', elsewhere],
    ['container', container],
  ])('FAULT 63: of another %s is alive for a day', (_, place) => {
    const runs = Array.from('abcdefgh', name => plantRun(name, place));
    const now = Date.now() / 1_000;
    for (const run of runs) utimesSync(run, now - 80_000, now - 80_000);
    rmSync(join(open().path, '..'), { recursive: true });
    open();
    expect(runs.filter(existsSync)).toHaveLength(8);
    for (const run of runs) utimesSync(run, now - 90_000, now - 90_000);
    rmSync(join(open().path, '..'), { recursive: true });
    open();
    expect(runs.filter(existsSync)).toHaveLength(4);
  });
});

test('openTestFileFolder() keeps its files and folders to itself whatever the umask', () => {
  const umask = process.umask(0);
  try {
    open();
  } finally {
    process.umask(umask);
  }
  const modes = readdirSync(base, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isSymbolicLink())
    .map(entry => [entry.isDirectory(), lstatSync(join(entry.parentPath, entry.name)).mode & 0o777]);
  expect(modes.filter(([isFolder, mode]) => mode !== (isFolder ? 0o700 : 0o600))).toEqual([]);
  expect(modes.length).toBeGreaterThan(3);
});
