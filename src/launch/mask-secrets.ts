import { maskSecrets } from '../spec/mask-secrets.ts';
import { isSecretName } from '../spec/secret-names.ts';
import { listSecrets } from './list-secrets.ts';

/** A variable's value as it may be shown: `***` for a name that promises a secret, else without the secrets in it. */
export function maskValue(name: string, value: string): string {
  return isSecretName(name) && value !== '' ? '***' : maskSecrets(value);
}

/** Any text with every secret of `env` as `***`. */
export function maskText(text: string, env: Readonly<Record<string, string>>): string {
  const secrets = listSecrets(env);
  if (secrets.length === 0) return text;
  const pattern = secrets.map(secret => secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  return text.replace(new RegExp(pattern, 'g'), '***');
}

/** The words of a command as they may be shown. */
export function maskCommand(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): readonly string[] {
  return words.map((word, index) => {
    const option = /^--?([\w-]+)$/.exec(words[index - 1] ?? '')?.[1];
    if (option !== undefined && isSecretName(option) && !word.startsWith('-')) return '***';
    return maskText(maskSecrets(word), env);
  });
}
