import { listSecrets, type SecretSource } from './list-secrets.ts';

/** The secrets that are known, wherever they stand, and the one way to take them out of what is printed or written. */
export class Secrets {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(sources: Iterable<SecretSource> = []) {
    this.note(sources);
  }

  /** What else holds secrets, by names that tell: variables, options of a command, fields of a probe. */
  note(sources: Iterable<SecretSource>): void {
    for (const form of listSecrets(sources)) this.#forms.add(form);
    this.#pattern = undefined;
  }

  /** The text with every secret as `***`. */
  mask(text: string): string {
    if (this.#forms.size === 0) return text;
    this.#pattern ??= toPattern(this.#forms);
    return text.replace(this.#pattern, '***');
  }

  /** Plain data with every text in it masked. */
  maskData(data: unknown): unknown {
    if (typeof data === 'string') return this.mask(data);
    if (Array.isArray(data)) return data.map(item => this.maskData(item));
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, this.maskData(value)]));
  }
}

/** The longest first: a secret may be the beginning of another one. */
function toPattern(forms: ReadonlySet<string>): RegExp {
  const longestFirst = [...forms].sort((left, right) => right.length - left.length);
  return new RegExp(longestFirst.map(form => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
}
