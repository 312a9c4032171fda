import { isAbsolute, join } from 'node:path';
import { listOf, type UncheckedWorker } from '../list-unchecked-workers.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import { truncate } from '../truncate.ts';

/** Globs are asked for by workers that may outlive a run, and lead nowhere outside of the project. */
export function checkWatch([worker, { attach, cwd, scope, watch }]: UncheckedWorker): readonly Mistake[] {
  if (watch === undefined) return [];
  if (scope !== 'run' || attach === true) {
    const hint = 'each test file starts its own worker, from the files as they are then';
    const given = attach === true ? 'globs beside attach: true' : 'globs beside scope: "file"';
    return [mistakeAt(['workers', worker, 'watch'], { given, wanted: "none without scope: 'run'", hint })];
  }
  const folder = typeof cwd === 'string' ? cwd : '.';
  return listOf(watch).flatMap((glob, index) => {
    if (typeof glob !== 'string' || !leaves(folder, glob)) return [];
    const given = truncate(JSON.stringify(glob));
    return [
      mistakeAt(['workers', worker, 'watch', index], { given, wanted: 'a glob of files below rootDir' }),
    ];
  });
}

/** A cwd that is absolute may lie below rootDir, which is not known here. */
function leaves(folder: string, glob: string): boolean {
  const positive = glob.replace(/^!/, '');
  if (isAbsolute(positive)) return true;
  return !isAbsolute(folder) && join(folder, positive).split('/')[0] === '..';
}
