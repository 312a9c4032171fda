import { readProgram } from '../../../src/process/table/read-program.ts';

const stat = (state: string, flags: number) => `7 (a) b) ${state} 1 7 7 0 -1 ${flags} 0`;

test('readProgram() looks again until the words are there', () => {
  const texts = ['', '', 'node\0worker.js\0'];
  expect(
    readProgram(
      () => texts.shift() ?? '',
      () => stat('R', 0x400000),
    ),
  ).toBe('node\0worker.js\0');
});

test.each([
  ['a zombie', stat('Z', 0)],
  ['a process on its way out', stat('R', 0x4)],
  ['a thread of the kernel', stat('I', 0x200000)],
  ['nobody', ''],
])('readProgram() asks %s once', (_, line) => {
  const read = jest.fn(() => '');
  expect(readProgram(read, () => line)).toBe('');
  expect(read).toHaveBeenCalledTimes(1);
});

test('readProgram() gives up on a process that has emptied its title', () => {
  const read = jest.fn(() => '');
  expect(readProgram(read, () => stat('S', 0))).toBe('');
  expect(read.mock.calls.length).toBeGreaterThan(1);
});
