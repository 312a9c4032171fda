import { listNames } from '../files/list-names.ts';
import { claimFiles } from './claim-files.ts';
import type { CoverageFolder } from './coverage-folder.ts';
import { type NodeScript, nodeScripts } from './node/node-scripts.ts';
import { readDump, type V8Dump } from './node/v8-dump.ts';

/** Its number is the pid. */
const dumpName = /^coverage-(\d+)-\d+-\d+\.json$/;
/** With the host, the pid and something random, in more than one way; SQLite has others beside it while it writes. */
const dataName = /^data\.(?:.*\.)?(?:pid(\d+)\.[\w.]+|(\d+)\.\d+)$/;

/** Which processes have written what they ran, by pid. */
export function listWriters({
  node,
  python,
}: CoverageFolder): Readonly<Record<'node' | 'python', ReadonlySet<number>>> {
  return { node: writersIn(node, dumpName), python: writersIn(python, dataName) };
}

function writersIn(folder: string, pattern: RegExp): ReadonlySet<number> {
  const pids = listNames(folder).flatMap(
    name =>
      pattern
        .exec(name.replace(/\.counted$/, ''))
        ?.slice(1)
        .filter(Boolean) ?? [],
  );
  return new Set(pids.map(Number));
}

/** What Node processes ran that was not counted before; it counts as counted now. */
export function claimNodeScripts(folders: readonly CoverageFolder[]): readonly NodeScript[] {
  const claimed = folders.map(({ node }) => claimFiles(node, dumpName));
  return nodeScripts(
    claimed.flatMap(({ fresh }) => fresh.flatMap(readWhole)),
    claimed.flatMap(({ counted }) => counted.flatMap(readWhole)),
  );
}

/** The files of coverage.py that were not counted before; they count as counted now. */
export function claimPythonData({ python }: CoverageFolder): readonly string[] {
  return claimFiles(python, dataName).fresh;
}

/** One whose process was ended while it wrote is lost. */
function readWhole(path: string): readonly V8Dump[] {
  try {
    return [readDump(path)];
  } catch {
    return [];
  }
}
