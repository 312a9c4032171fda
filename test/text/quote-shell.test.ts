import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { quoteWord, quoteWords } from '../../src/text/quote-shell.ts';

const word = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'\'"$`\\!*?[]{}()<>|&;#~= \t\n\ra'), maxLength: 20 }),
  )
  .map(text => text.replaceAll('\0', ''));

test('quoteWords() is read back by sh as the very words', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), words => {
      const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${quoteWords(words)}`], {
        encoding: 'utf8',
      });
      expect(printed).toBe(words.map(text => `${text}\0`).join(''));
    }),
    { numRuns: 200 },
  );
});

test('quoteWord() leaves plain words and assignments as they are', () => {
  expect(quoteWord('/usr/bin/python3.11')).toBe('/usr/bin/python3.11');
  expect(quoteWord('amqp://guest@127.0.0.1:5672')).toBe('amqp://guest@127.0.0.1:5672');
  expect(quoteWord('PORT=80')).toBe('PORT=80');
  expect(quoteWord('')).toBe("''");
  expect(quoteWord('~/x')).toBe("'~/x'");
});
