import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TurnNotes } from '../../../../src/service/rabbitmq/turns/turn-notes.ts';

const base = mkdtempSync(join(tmpdir(), 'live-worker-notes-'));

afterAll(() => rmSync(base, { recursive: true }));

test('removeOwn() removes what it wrote, and keeps nobody from ending when it cannot', () => {
  const notes = new TurnNotes(base);
  notes.write('stuck', 'a.test.js');
  const [name = ''] = readdirSync(join(base, 'turns'));
  const path = join(base, 'turns', name);
  // A folder in its place cannot be removed as a file, not even by root.
  rmSync(path);
  mkdirSync(path);
  notes.write('own', 'a.test.js');
  // Who may read the note of "stuck" finds none, so it is not judged to be another's.
  const unreadable = jest.spyOn(notes, 'isOurs').mockReturnValue(true);
  notes.removeOwn();
  unreadable.mockRestore();
  expect(readdirSync(join(base, 'turns'))).toEqual([name]);
});
