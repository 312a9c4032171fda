import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CoverageFolder, coverageFolder, coverageSuffix } from '../../coverage/coverage-folder.ts';
import { transformTo, type V8Result, v8Results } from '../../coverage/node/as-v8-result.ts';
import type { NodeScript } from '../../coverage/node/node-scripts.ts';
import { type Original, originalsOf } from '../../coverage/node/originals.ts';
import { withoutMark } from '../../coverage/node/script-text.ts';
import { toV8Functions } from '../../coverage/python/python-as-v8.ts';
import type { MeasuredFile } from '../../coverage/python/python-coverage.ts';
import { claimNodeScripts } from '../../coverage/written-files.ts';
import { listNames } from '../../files/list-names.ts';
import { identifyRun, runName } from '../../records/run-identity.ts';
import { type CoverageConfig, coverageFilter, type ProjectConfig } from './covered-config.ts';
import { measurePython } from './measure-python.ts';
import { sayOnce } from './say-once.ts';

/**
 * Adds what the workers of a run ran to what Jest has of its test files, for `coverageProvider: 'v8'`.
 *
 * @param results those of one test file, as Jest keeps them: they are looked at when the last reporter hears that the run is complete
 */
export async function addRunCoverage(
  projects: Iterable<{ readonly config: ProjectConfig }>,
  config: CoverageConfig,
  { results, loadedByTests }: { readonly results: V8Result[]; readonly loadedByTests: ReadonlySet<string> },
): Promise<void> {
  const configs = [...projects].map(project => project.config);
  for (const rootDir of new Set(configs.map(project => project.rootDir))) {
    const run = join(rootDir, '.live-worker', runName(identifyRun()));
    const folders = listCoverageFolders(run);
    if (folders.length === 0) continue;
    const filters = configs
      .filter(project => project.rootDir === rootDir)
      .map(project => coverageFilter(config, project));
    const isWanted = (path: string) => filters.some(filter => filter(path));
    const naming = new ResultNames(loadedByTests, join(run, 'source-maps'));
    for (const script of claimNodeScripts(folders)) {
      for (const original of originalsOf(script).filter(({ path }) => isWanted(path)))
        results.push(...resultsOf(script, original, naming));
    }
    const python = await measurePython(folders, text => sayOnce(run, text));
    results.push(...python.filter(({ path }) => isWanted(path)).map(pythonResult));
  }
}

/** Of each worker in the records of each test file, and of those of the run. */
function listCoverageFolders(run: string): readonly CoverageFolder[] {
  return listNames(run).flatMap(name =>
    listNames(join(run, name))
      .filter(worker => worker.endsWith(coverageSuffix))
      .map(worker => coverageFolder(join(run, name, worker))),
  );
}

function resultsOf(script: NodeScript, original: Original, naming: ResultNames): readonly V8Result[] {
  const { url, sourceMapPath } = naming.next(original.path);
  const text = withoutMark(readFileSync(original.path, 'utf8'));
  return v8Results(script, url, transformTo(script, original, { text, sourceMapPath }));
}

function pythonResult(file: MeasuredFile): V8Result {
  const functions = toV8Functions(file, readFileSync(file.path, 'utf8'));
  return { result: { scriptId: '0', url: file.path, functions }, codeTransformResult: undefined };
}

/**
 * Jest adds all results of one URL range by range, and those of a test file count in what its transformer made: so what a worker ran has
 * another URL. Of a file that no test loaded it has the path, as Jest would add an empty result for that.
 */
class ResultNames {
  readonly #taken: Set<string>;
  readonly #folder: string;
  #count = 0;

  constructor(loadedByTests: ReadonlySet<string>, folder: string) {
    this.#taken = new Set(loadedByTests);
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  next(path: string): { readonly url: string; readonly sourceMapPath: string } {
    this.#count += 1;
    const isFree = !this.#taken.has(path);
    this.#taken.add(path);
    return {
      url: isFree ? path : `${pathToFileURL(path).href}?worker=${this.#count}`,
      sourceMapPath: join(this.#folder, `${this.#count}.${Date.now()}.json`),
    };
  }
}
