import { listCredentials } from '../spec/mask-url.ts';
import { isSecretName } from '../spec/secret-names.ts';

/** Words that stand in too many texts to be hidden, and protect nothing when they are passwords. */
const commonWords = new Set(
  'admin,false,guest,localhost,mysql,none,null,password,postgres,rabbitmq,redis,root,secret,test,true,user,wayland'.split(
    ',',
  ),
);
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
  const words = [...value.matchAll(/\b(?:ssl)?pass(?:word|wd)\s*=\s*(?:'((?:\\.|[^'\\])*)'|(\S+))/gi)];
  return [
    ...(isLikelySecret(name, value) ? [value, ...linesOf(value)] : pemLines(value)),
    ...passwords,
    ...parameters.filter(match => isSecretName(match[1] ?? '')).map(match => match[2] ?? ''),
    ...words.map(match => (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1')),
  ];
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
  return secret.length >= shortest && !commonWords.has(secret.toLowerCase()) && !/^[\s*]+$/.test(secret);
}
