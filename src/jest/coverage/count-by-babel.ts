import type { CoverageFolder } from '../../coverage/coverage-folder.ts';
import type { FileCoverage, Position } from '../../coverage/file-coverage.ts';
import { fillCounts } from '../../coverage/node/fill-counts.ts';
import type { NodeScript } from '../../coverage/node/node-scripts.ts';
import { type Original, originalsOf, toOriginal } from '../../coverage/node/originals.ts';
import { RunCounts } from '../../coverage/node/run-counts.ts';
import { toFileCoverage } from '../../coverage/python/python-coverage.ts';
import { claimNodeScripts } from '../../coverage/written-files.ts';
import type { ProjectConfig } from './covered-config.ts';
import { initialCoverage } from './initial-coverage.ts';
import { measurePython } from './measure-python.ts';

export interface CountOptions {
  readonly project: ProjectConfig;
  readonly isWanted: (path: string) => boolean;
  /** Told what cannot be counted, and why. */
  readonly say: (text: string) => void;
}

/** What workers ran and was not counted before, as Istanbul has it. */
export async function countByBabel(
  folders: readonly CoverageFolder[],
  options: CountOptions,
): Promise<readonly FileCoverage[]> {
  const scripts = claimNodeScripts(folders);
  const python = await measurePython(folders, options.say);
  return [
    ...(await Promise.all(scripts.map(script => countScript(script, options)))).flat(),
    ...python.filter(({ path }) => options.isWanted(path)).map(toFileCoverage),
  ];
}

async function countScript(script: NodeScript, options: CountOptions): Promise<readonly FileCoverage[]> {
  const originals = originalsOf(script).filter(({ path }) => options.isWanted(path));
  if (originals.length === 0) return [];
  const counts = new RunCounts(script);
  const counted = await Promise.all(originals.map(original => countOriginal(original, counts, options)));
  return counted.filter(coverage => coverage !== undefined);
}

async function countOriginal(
  { path, offsetOf }: Original,
  counts: RunCounts,
  { project, say }: CountOptions,
): Promise<FileCoverage | undefined> {
  try {
    const map = await initialCoverage(path, project);
    if (!map) return undefined;
    const original = map.inputSourceMap ? toOriginal(map.inputSourceMap) : (place: Position) => place;
    return fillCounts(map, counts, position => {
      const place = original(position);
      return place && offsetOf(place);
    });
  } catch (error) {
    say(
      `no coverage of what workers ran of "${path}": ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
    return undefined;
  }
}
