import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { joinWords, splitWords } from '../../src/options/split-words.ts';

test.each<[string, readonly string[]]>([
  ['python -m dramatiq', ['python', '-m', 'dramatiq']],
  ['  a\t b\nc ', ['a', 'b', 'c']],
  [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
  [`--name='b c'd`, ['--name=b cd']],
  [`'' ""`, ['', '']],
  [`"a \\"b\\" \\$c \\d"`, ['a "b" $c \\d']],
  ['a\\ b', ['a b']],
  [`'a\\'`, ['a\\']],
  [`"open end`, ['open end']],
  ['end\\', ['end']],
  ['', []],
])('splitWords() splits %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('splitWords() splits what joinWords() joined', () => {
  fc.assert(fc.property(fc.array(fc.string()), words => expect(splitWords(joinWords(words))).toEqual(words)));
});

test('joinWords() writes what a shell reads as the same words', () => {
  const words = ['a b', "it's", '"', '\\', ';', '&&', '', '|', '<(', '`x`', 'plain', 'a\nb'];
  const script = `for word in ${joinWords(words)}; do printf '%s\\0' "$word"; done`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(`${words.join('\0')}\0`);
});
