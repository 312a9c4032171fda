import { listSecrets } from './list-secrets.ts';
import { maskUrl } from './mask-url.ts';
import { isSecretName } from './secret-names.ts';

/** A variable's value as it may be shown: `***` for a name that promises a secret, else without the secrets in it. */
export function maskValue(name: string, value: string): string {
  return isSecretName(name) && value !== '' ? '***' : maskPatterns(value);
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
    return maskText(maskPatterns(word), env);
  });
}

/** What looks like a secret by itself: credentials in URLs, keyword strings, JSON, PEM blocks. */
function maskPatterns(text: string): string {
  return maskUrl(text.replace(pem, '$1 ***'))
    .replace(keyword, (whole, name: string, sign: string) =>
      isSecretWord(name) ? `${name}${sign}***` : whole,
    )
    .replace(member, (whole, name: string, sign: string) =>
      isSecretName(name) ? `"${name}"${sign}"***"` : whole,
    );
}

const pem = /(-----BEGIN [^-\n]{1,60}-----)[\s\S]*?(?:-----END [^-\n]{1,60}-----|$)/g;
/** As in libpq's connection strings: `password=x`, `password = 'it\'s x'`. */
const keyword =
  /(?<![?&;\w-])([\w-]{1,60})(\s*=\s*)('(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|(?:\\.|[^\s\\'"])(?:\\.|[^\s\\])*)/gs;
const member = /"([\w-]{1,60})"(\s*:\s*)"(?:\\.|[^"\\])*"?/gs;

/** Narrower than for variables: `sort_key=name` in a command is no secret. */
function isSecretWord(name: string): boolean {
  return /pass|pwd|secret|token|credential|(?:api|access|private|ssl)[_-]?key/i.test(name);
}
