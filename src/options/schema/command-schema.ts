import { array, check, lazy, pipe, string } from 'valibot';
import { maskSecrets } from '../../secrets/mask-secrets.ts';
import { joinWords, splitWords } from '../split-words.ts';
import { refusal, type Schema, textSchema, withHint } from './text-schemas.ts';

const wantedWords = 'an array of strings: the program and its arguments';
const longestSuggestion = 1000;
const shellOperator = /(?<=^|\s)(?:&&?|\|\|?|>>?|<|2>(?:&1)?)(?=\s|$)|(?<!\\);/;

/** An argv; for a string the message shows the array it would be, and the other way to run it. */
export function argvSchema(runByShell: (script: string) => string): Schema<string[]> {
  return lazy(input => {
    if (typeof input === 'string') return refusal(withHint(wantedWords, suggestWords(input, runByShell)));
    return pipe(
      array(string('a string'), wantedWords),
      check(([program]) => program !== undefined && program.trim() !== '', wantedWords),
    );
  });
}

/** A shell script; for an array the message shows the string it would be. */
export const scriptSchema: Schema<string> = lazy(input => {
  const wanted = 'a string, because of shell: true';
  return Array.isArray(input) ? refusal(withHint(wanted, suggestScript(input))) : textSchema(wanted);
});

function suggestWords(script: string, runByShell: (script: string) => string): string | undefined {
  if (script.trim() === '' || script.length > longestSuggestion) return undefined;
  const operator = shellOperator.exec(script.replace(/'[^']*'|"[^"]*"/g, ''))?.[0];
  if (operator !== undefined) return `${runByShell(script)}, as only a shell understands ${operator}`;
  return `write ${formatWords(splitWords(script))}, or ${runByShell(script)}`;
}

function suggestScript(words: readonly unknown[]): string | undefined {
  if (words.length === 0 || !words.every(word => typeof word === 'string')) return undefined;
  const script = joinWords(words.map(maskSecrets));
  if (script.length > longestSuggestion) return undefined;
  return `write ${JSON.stringify(script)}, or leave shell out`;
}

/** An array as it stands in a configuration. */
export function formatWords(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(maskSecrets(word))).join(', ')}]`;
}
