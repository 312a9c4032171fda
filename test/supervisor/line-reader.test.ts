import fc from 'fast-check';
import { LineReader, UnreadableLine } from '../../src/supervisor/line-reader.ts';

function linesOf(chunks: readonly Buffer[], limit?: number): readonly string[] {
  const lines: string[] = [];
  const reader = new LineReader(line => lines.push(line), limit);
  for (const chunk of chunks) reader.read(chunk);
  return lines;
}

/** Cuts bytes at any places, in the middle of a character too. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

test('LineReader gives the same lines however they are split or joined', () => {
  const line = fc.string({ unit: 'binary' }).map(text => text.replaceAll('\n', ' '));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
      const bytes = Buffer.from(lines.map(text => `${text}\n`).join(''));
      expect(linesOf(cut(bytes, places))).toEqual(lines.map(withoutMark));
    }),
  );
});

/** What stands first in a text and has no width; JSON never begins with it. */
function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

test('LineReader keeps what has no end yet', () => {
  expect(linesOf([Buffer.from('a\nb')])).toEqual(['a']);
});

test('LineReader refuses a line that is too long, also before its end is there, and not many short ones', () => {
  const chunk = Buffer.from('12345678');
  expect(() => linesOf([chunk, chunk], 15)).toThrow(UnreadableLine);
  expect(linesOf([Buffer.from('123456\n'.repeat(100))], 15)).toHaveLength(100);
  expect(linesOf([chunk, Buffer.from('1234567\n')], 15)).toEqual(['123456781234567']);
});

test('LineReader refuses what is no UTF-8', () => {
  expect(() => linesOf([Buffer.from([0x61, 0xff, 0x0a])])).toThrow('a line that is no UTF-8');
});
