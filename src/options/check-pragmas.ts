import { didYouMean } from '../text/find-nearest-name.ts';
import type { Mistake } from './mistake.ts';
import { oneOf } from './schema/text-schemas.ts';
import { truncate } from './truncate.ts';

/** What Jest found in the first docblock of a test file; a list where a pragma is repeated. */
export type Pragmas = Readonly<Record<string, string | readonly string[]>>;

const pragma = 'live-worker';
const nearMisses = ['liveworker', 'liveworkers'];
const joinedLines = 'Jest reads the line below a pragma as part of it; leave that one empty';

/** The names in `@live-worker`, `none` among them, or undefined without the pragma. */
export function namesInPragma(pragmas: Pragmas): readonly string[] | undefined {
  const value = pragmas[pragma];
  if (value === undefined) return undefined;
  return [value].flat().flatMap(line => line.split(/[\s,]+/).filter(name => name !== ''));
}

export function checkPragmas(pragmas: Pragmas, workers: readonly string[]): readonly Mistake[] {
  const names = namesInPragma(pragmas);
  return [...checkSpelling(pragmas), ...(names === undefined ? [] : checkNames(names, workers))];
}

function checkSpelling(pragmas: Pragmas): readonly Mistake[] {
  return Object.keys(pragmas)
    .filter(key => key !== pragma && nearMisses.includes(key.toLowerCase().replace(/[-_]/g, '')))
    .map(key => ({ path: `@${key}`, given: 'an unknown pragma', wanted: `@${pragma}` }));
}

function checkNames(names: readonly string[], workers: readonly string[]): readonly Mistake[] {
  const path = `@${pragma}`;
  const known = [...workers, 'none'];
  const wanted = oneOf(known);
  if (names.length === 0) return [{ path, given: 'nothing', wanted }];
  const unknown = names.filter(name => !known.includes(name));
  const mistakes = unknown.map(name => {
    const hint = didYouMean(name, known) ?? (names.length > 1 ? joinedLines : undefined);
    return { path, given: truncate(JSON.stringify(name)), wanted, ...(hint === undefined ? {} : { hint }) };
  });
  if (!names.includes('none') || new Set(names).size === 1) return mistakes;
  return [
    ...mistakes,
    { path, given: '"none" together with other names', wanted: 'names or none, not both' },
  ];
}
