import type { Secrets } from '../secrets/secrets.ts';
import type { LastLines } from './read-last-lines.ts';

/** As an error quotes them; masked as one text, for a secret may be of several lines. Empty only where nothing was written. */
export function quoteLines({ lines, bytes }: LastLines, secrets: Secrets): readonly string[] {
  const quoted = secrets
    .quote(lines.join('\n'))
    .split('\n')
    .filter(line => line.trim() !== '');
  return quoted.length > 0 || bytes === 0
    ? quoted
    : [`(${bytes} bytes without a word: blank lines, or nothing but colours)`];
}
