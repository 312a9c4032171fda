import { expand } from 'dotenv-expand';

const longest = 128 * 1024;
const mostReferences = 500;
const literals = ['$', '{', '}', '\\', '\0'] as const;

/**
 * Fills in `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME-default}` of a value from an env file.
 * An unset or empty variable takes the default; `\$` is a literal `$`. dotenv does not tell how a value was quoted, so a
 * single-quoted one is expanded as well, as dotenv-expand does.
 * @throws RangeError for a result no process could be given: over 128 KiB, or more than 500 references
 */
export function expandValue(raw: string, env: ReadonlyMap<string, string>): string {
  if (!raw.includes('$')) return raw;
  refuseExplosion(raw, env);
  // A name no reference can hold, or dotenv-expand would let the environment win over the file.
  const key = '\0';
  const { parsed } = expand({ parsed: { [key]: hideInFile(raw) }, processEnv: lookupTable(env) });
  return reveal(parsed?.[key] ?? '');
}

function refuseExplosion(raw: string, env: ReadonlyMap<string, string>): void {
  const names = [...raw.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(match => match[1] ?? '');
  const length = names.reduce((sum, name) => sum + (env.get(name)?.length ?? 0), raw.length);
  if (names.length > mostReferences) throw new RangeError(`it has ${names.length} references`);
  if (length > longest) throw new RangeError(`it expands to as many as ${length} characters`);
}

/** dotenv-expand looks names up in an object that inherits from Object.prototype, and never ends on `${constructor}`. */
function lookupTable(env: ReadonlyMap<string, string>): Record<string, string> {
  const inherited = Object.getOwnPropertyNames(Object.prototype).map(name => [name, ''] as const);
  const own = [...env].map(([name, value]) => [name, hide(value, /[\0$\\{}]/g)] as const);
  return Object.fromEntries([...inherited, ...own]);
}

/** dotenv-expand expands what it has filled in once more, and `$&` in a default makes it run for ever: hide what is meant literally. */
function hideInFile(raw: string): string {
  return hide(raw.replaceAll('\\$', `\0${literals.indexOf('$')}`), /\$(?![{A-Za-z_])|\\/g);
}

function hide(text: string, pattern: RegExp): string {
  return text.replace(pattern, literal => `\0${literals.indexOf(literal as (typeof literals)[number])}`);
}

function reveal(text: string): string {
  return text.replace(/\0(\d)/g, (_, index) => literals[Number(index)] ?? '');
}
