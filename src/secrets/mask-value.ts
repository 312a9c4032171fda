import { maskSecrets } from './mask-secrets.ts';
import { isSecretName } from './secret-names.ts';
import { secretWord } from './secret-words.ts';
import type { Secrets } from './secrets.ts';

/** A variable's value as it may be shown: `***` for a name that promises a secret, else without the secrets in it. */
export function maskValue(name: string, value: string): string {
  return isSecretName(name) && value !== '' ? '***' : maskSecrets(value);
}

/** The words of a command as they may be shown. */
export function maskCommand(words: readonly string[], secrets: Secrets): readonly string[] {
  return words.map((word, index) => {
    const known = secretWord(words, index);
    return known ? `${secrets.mask(known.before)}***` : secrets.mask(maskScript(word));
  });
}

/** The same of a command line, in which the words cannot be told from each other. */
export function maskCommandLine(line: string, secrets: Secrets): string {
  return maskCommand(secrets.mask(line).split(' '), secrets).join(' ');
}

/** A word that is a script has options of its own: `worker --password x`. */
function maskScript(script: string): string {
  return script.replace(
    /(^|\s)(--?)([\w-]+)(\s+)('[^']*'?|"[^"]*"?|[^\s'"-]\S*)/g,
    (whole, before: string, dashes: string, name: string, gap: string) =>
      isSecretName(name) ? `${before}${dashes}${name}${gap}***` : whole,
  );
}
