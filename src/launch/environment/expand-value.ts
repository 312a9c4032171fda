import { type FilledText, fillIn, type ReferenceSource } from './fill-in.ts';

const longest = 128 * 1024;
const mostReferences = 500;

/**
 * Fills in `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}` and `${NAME:?}` of a value from an env
 * file. An unset or empty variable takes the default; `\$` is a literal `$`, and so is one that can begin no reference.
 * @throws RangeError for a result no process could be given: over 128 KiB, or more than 500 references
 */
export function expandValue(raw: string, source: Omit<ReferenceSource, 'syntax'>): FilledText {
  if (!raw.includes('$')) return { text: raw, references: [] };
  refuseExplosion(raw, source);
  return fillIn(raw, { ...source, syntax: 'env-file' });
}

function refuseExplosion(raw: string, { lookUp }: Pick<ReferenceSource, 'lookUp'>): void {
  const names = [...raw.matchAll(/\$\{?([A-Za-z_][\w.]*)/g)].map(match => match[1] ?? '');
  const length = names.reduce((sum, name) => sum + (lookUp(name)?.length ?? 0), raw.length);
  if (names.length > mostReferences) throw new RangeError(`it has ${names.length} references`);
  if (length > longest) throw new RangeError(`it expands to as many as ${length} characters`);
}
