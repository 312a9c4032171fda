import { maskUrl } from './mask-url.ts';
import { type SecretRule, secretRules } from './secret-rules.ts';

/** What looks like a secret by itself: credentials in URLs, keyword strings, JSON, headers, options of clients, PEM blocks. */
export function maskSecrets(text: string): string {
  return secretRules.reduce(maskBy, maskUrl(maskKeys(text)));
}

/** PEM blocks, those that were cut off too. */
export function maskKeys(text: string): string {
  return text.replace(pem, '$1 ***');
}

/** What {@link maskSecrets} would hide behind a name or a mark, passwords of URLs aside; without the quotes around it. */
export function findSecrets(text: string): readonly string[] {
  return secretRules.flatMap(({ pattern, isSecret }) =>
    [...text.matchAll(pattern)]
      .map(({ groups = {} }) => groups)
      .filter(isSecret)
      .map(({ value = '' }) => withoutQuotes(value)),
  );
}

const pem = /(-----BEGIN [^-\n]{1,60}-----)[\s\S]*?(?:-----END [^-\n]{1,60}-----|$)/g;

function maskBy(text: string, { pattern, isSecret }: SecretRule): string {
  return text.replace(pattern, (whole: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    return isSecret(groups) ? `${groups.before}***` : whole;
  });
}

function withoutQuotes(value: string): string {
  const inner = /^(['"])(.*?)\1?$/s.exec(value)?.[2];
  return inner === undefined ? value : inner.replace(/\\(.)/gs, '$1');
}
