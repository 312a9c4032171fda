import { quoteWords } from '../text/quote-shell.ts';

const wordParts = /(\s+)|'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?|\\([\s\S])|([^\s'"\\]+)/g;

/** Splits a command as a shell would split it into words: quotes hold words together, a backslash takes the next character. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, space, single, double, escaped, plain] of text.matchAll(wordParts)) {
    if (space === undefined) {
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '');
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** Joins words to a line that {@link splitWords} splits into the same words. */
export function joinWords(words: readonly string[]): string {
  return quoteWords(words);
}
