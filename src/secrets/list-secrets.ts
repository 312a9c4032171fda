import { findSecrets } from './mask-secrets.ts';
import { listCredentials } from './mask-url.ts';
import { isCommonWord, isSecretName } from './secret-names.ts';

const shortest = 4;

/** A text that may be a secret or hold some, and what it is called: a variable, an option. */
export type SecretSource = readonly [name: string, value: string];

/** Every secret of the sources, in each form it may take in a text. */
export function listSecrets(sources: Iterable<SecretSource>): readonly string[] {
  const forms = [...sources].flatMap(secretsOf).filter(isValue).flatMap(formsOf).filter(isWorthHiding);
  return [...new Set(forms)];
}

function secretsOf([name, value]: SecretSource): readonly string[] {
  const passwords = listCredentials(value)
    .filter(({ user, password }) => user !== password)
    .map(({ password }) => password);
  const parameters = [...value.matchAll(/[?&;]([\w.-]+)=([^&\s"']*)/g)];
  return [
    ...(isLikelySecret(name, value) ? [value, ...linesOf(value)] : pemLines(value)),
    ...passwords,
    ...parameters.filter(match => isSecretName(match[1] ?? '')).map(match => match[2] ?? ''),
    ...findSecrets(value).flatMap(secret => [secret, ...linesOf(secret)]),
    ...secretsInJson(name, value),
  ];
}

/** By the names on the way to them: `{"credentials": {"value": "x"}}`. */
function secretsInJson(name: string, value: string): readonly string[] {
  const data = /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
  if (typeof data !== 'object') return [];
  return sourcesInData(Array.isArray(data) ? name : '', data).flatMap(secretsOf);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text by the names on the way to it: `options.auth.password`. */
export function sourcesInData(name: string, data: unknown): readonly SecretSource[] {
  if (typeof data === 'string') return [[name, data]];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    sourcesInData(Array.isArray(data) ? name : `${name}.${key}`, value),
  );
}

/** `SESSION_STORE=redis`, `AUTH_MODE=basic`: the weaker the name, the longer the value must be. */
function isLikelySecret(name: string, value: string): boolean {
  return isSecretName(name) && (/pass|pwd|secret|token|credential/i.test(name) || value.length >= 8);
}

/** A log prints a key line by line. */
function linesOf(value: string): readonly string[] {
  return value.split(/\r?\n|\\n/).filter(line => line.length >= 16 && !line.startsWith('-----'));
}

function pemLines(value: string): readonly string[] {
  return value.includes('-----BEGIN ') ? linesOf(value) : [];
}

/** Before a launch is resolved, `${NAME}` still stands for it. */
function isValue(secret: string): boolean {
  return !/^\$\{[^}]*\}$/.test(secret);
}

function formsOf(secret: string): readonly string[] {
  const decoded = convert(secret, decodeURIComponent);
  return [secret, decoded].flatMap(form => [
    form,
    convert(form, encodeURIComponent),
    inJson(form),
    // As a command line shows it.
    form.replace(/\s+/g, ' ').trim(),
  ]);
}

/** The text itself when it is no valid input: a lone `%`, half of a surrogate pair. */
function convert(text: string, conversion: (text: string) => string): string {
  try {
    return conversion(text);
  } catch {
    return text;
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function isWorthHiding(secret: string): boolean {
  return secret.length >= shortest && !isCommonWord(secret) && !/^[\s*]+$/.test(secret);
}
