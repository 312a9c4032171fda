const plainWord = /^[\w@%+:,./-]+$/;
const plainAssignment = /^\w+=[\w@%+:,./-]*$/;

/** One word of a command line, as a POSIX shell reads it back. Source: POSIX.1-2024, Shell Command Language, 2.2.2 single-quotes. */
export function quoteWord(word: string): string {
  if (plainWord.test(word) || plainAssignment.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Words with spaces between them. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}
