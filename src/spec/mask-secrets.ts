import { maskUrl } from './mask-url.ts';
import { isSecretName } from './secret-names.ts';

/** What looks like a secret by itself: credentials in URLs, keyword strings, JSON, PEM blocks. */
export function maskSecrets(text: string): string {
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
