import { didYouMean } from '../../text/find-nearest-name.ts';
import type { Mistake } from '../mistake.ts';
import { oneOf } from '../schema/text-schemas.ts';
import { truncate } from '../truncate.ts';

/** What Jest found in the first docblock of a test file; a list where a pragma is repeated. */
export type Pragmas = Readonly<Record<string, string | readonly string[]>>;

const pragma = 'live-worker';
const scopePragma = 'live-worker-scope';
const nearMisses: Readonly<Record<string, string>> = {
  liveworker: pragma,
  liveworkers: pragma,
  liveworkerscope: scopePragma,
  liveworkersscope: scopePragma,
};
const joinedLines = 'Jest reads the line below a pragma as part of it; leave that one empty';

/** The names in `@live-worker`, `none` among them, or undefined without the pragma. */
export function namesInPragma(pragmas: Pragmas): readonly string[] | undefined {
  const value = pragmas[pragma];
  if (value === undefined) return undefined;
  return [value].flat().flatMap(line => line.split(/[\s,]+/).filter(name => name !== ''));
}

/** True where `@live-worker-scope file` asks for workers of the file's own. */
export function asksForOwnWorkers(pragmas: Pragmas): boolean {
  return pragmas[scopePragma] !== undefined;
}

export function checkPragmas(pragmas: Pragmas, workers: readonly string[]): readonly Mistake[] {
  const names = namesInPragma(pragmas);
  return [
    ...checkSpelling(pragmas),
    ...checkScope(pragmas),
    ...(names === undefined ? [] : checkNames(names, workers)),
  ];
}

function checkSpelling(pragmas: Pragmas): readonly Mistake[] {
  return Object.keys(pragmas).flatMap(key => {
    const meant = nearMisses[key.toLowerCase().replace(/[-_]/g, '')];
    if (meant === undefined || key === meant) return [];
    return [{ path: `@${key}`, given: 'an unknown pragma', wanted: `@${meant}` }];
  });
}

function checkScope(pragmas: Pragmas): readonly Mistake[] {
  const value = pragmas[scopePragma];
  if (value === undefined) return [];
  const given = [value].flat().join(' ').trim();
  if (given === 'file') return [];
  return [
    {
      path: `@${scopePragma}`,
      given: given === '' ? 'nothing' : truncate(JSON.stringify(given)),
      wanted: '"file": workers of the run are chosen by scope in the configuration',
    },
  ];
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
