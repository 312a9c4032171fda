import { stripVTControlCharacters } from 'node:util';
import { escapeControls } from '../text/escape-controls.ts';
import { plainText } from '../text/plain-text.ts';
import { listSecrets, type SecretSource } from './list-secrets.ts';
import { maskKeys, maskSecrets } from './mask-secrets.ts';
import { isSecretWord } from './secret-names.ts';

/** The secrets that are known, wherever they stand, and the one way to take them out of what is printed or written. */
export class Secrets {
  readonly #forms = new Set<string>();
  #find: SecretFinder | undefined;

  constructor(sources: Iterable<SecretSource> = []) {
    this.note(sources);
  }

  /** What else holds secrets, by names that tell: variables, options of a command, fields of a probe. */
  note(sources: Iterable<SecretSource>): void {
    for (const form of listSecrets(sources)) this.#forms.add(form);
    this.#find = undefined;
  }

  /** The text with every secret as `***`: what is known, and what looks like one. */
  mask(text: string): string {
    const masked = this.#maskPlain(text);
    if (!/[\x1b\x9b]/.test(text)) return masked;
    // A colour may stand in the middle of a secret. An escape right before one would take its first letter away: so it is masked first.
    const stripped = stripVTControlCharacters(masked);
    const plain = this.#maskPlain(stripped);
    return stripped === plain ? masked : plain;
  }

  /** As it may be quoted in an error: without secrets, without colours, nothing in it but text. */
  quote(text: string): string {
    return plainText(this.mask(text));
  }

  /** The same in its colours. */
  show(text: string): string {
    return escapeControls(this.mask(text), { keepColours: true });
  }

  /** Plain data with every text in it masked. */
  maskData(data: unknown): unknown {
    if (typeof data === 'string') return this.mask(data);
    if (Array.isArray(data)) return data.map(item => this.maskData(item));
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, this.#maskMember(key, value)]),
    );
  }

  #maskMember(key: string, value: unknown): unknown {
    return typeof value === 'string' && isSecretWord(key) ? '***' : this.maskData(value);
  }

  #maskPlain(text: string): string {
    if (this.#forms.size === 0) return maskLines(text);
    this.#find ??= toFinder(this.#forms);
    const { long, pattern } = this.#find;
    return maskLines(long.reduce((rest, form) => rest.replaceAll(form, '***'), text).replace(pattern, '***'));
  }
}

/** Line by line: a quote that is never closed must not hide what was written after it. Of several lines is only a key. */
function maskLines(text: string): string {
  return maskKeys(text).split('\n').map(maskSecrets).join('\n');
}

/** V8 takes no word of more than 32 767 characters into an expression; a key file in a variable has more. */
const longestInPattern = 1_000;

interface SecretFinder {
  readonly long: readonly string[];
  readonly pattern: RegExp;
}

/** The longest first: a secret may be the beginning of another one. */
function toFinder(forms: ReadonlySet<string>): SecretFinder {
  const longestFirst = [...forms].sort((left, right) => right.length - left.length);
  const long = longestFirst.filter(form => form.length > longestInPattern);
  const words = longestFirst.slice(long.length).map(form => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  // Without any word it matches nothing.
  return { long, pattern: new RegExp(words.join('|') || '(?!)', 'g') };
}
