import { readFileSync, statSync } from 'node:fs';
import vm from 'node:vm';
import type { FileCoverage } from '../../coverage/file-coverage.ts';
import { requireOfJest, requireTransform } from '../jest-module-loader.ts';
import type { ProjectConfig } from './covered-config.ts';

type Instrumenter = {
  readInitialCoverage(code: string): { readonly coverageData: FileCoverage } | null;
};

interface Resolver {
  readonly default: {
    unstable_shouldLoadAsEsm(path: string, extensionsToTreatAsEsm: readonly string[]): boolean;
  };
}

/** By path and time of change: one Jest process runs many test files. */
const known = new Map<string, Promise<FileCoverage | undefined>>();

/**
 * The map of a file with every count at 0, as Jest has it of a file that tests load; undefined for one that tells Istanbul to ignore it.
 *
 * @throws what the transformer of the project throws
 */
export function initialCoverage(path: string, project: ProjectConfig): Promise<FileCoverage | undefined> {
  const key = `${project.id} ${statSync(path).mtimeMs} ${path}`;
  const coverage = known.get(key) ?? instrument(path, project);
  known.set(key, coverage);
  return coverage;
}

/** True with `--experimental-vm-modules`. */
const hasModules = 'SyntheticModule' in vm;

/** As Jest's runtime decides it: a transformer may give something else for each, and what tests ran is counted in that. */
function isLoadedAsModule(path: string, { rootDir, extensionsToTreatAsEsm }: ProjectConfig): boolean {
  const { default: resolver } = requireOfJest(rootDir, ['jest-resolve']) as Resolver;
  return resolver.unstable_shouldLoadAsEsm(path, extensionsToTreatAsEsm);
}

async function instrument(path: string, project: ProjectConfig): Promise<FileCoverage | undefined> {
  const { createScriptTransformer } = requireTransform(project.rootDir);
  const transformer = await createScriptTransformer(project);
  const isModule = isLoadedAsModule(path, project);
  const text = readFileSync(path, 'utf8');
  const options = {
    instrument: true,
    supportsDynamicImport: hasModules,
    supportsExportNamespaceFrom: isModule,
    supportsStaticESM: isModule,
    supportsTopLevelAwait: isModule,
  };
  // A transformer may take the asynchronous way for a module whatever the options say, and Jest keeps the result for the tests.
  const { code } = isModule
    ? await transformer.transformSourceAsync(path, text, options)
    : transformer.transformSource(path, text, options);
  const names = ['@jest/reporters/package.json', 'istanbul-lib-instrument'];
  const { readInitialCoverage } = requireOfJest(project.rootDir, names) as Instrumenter;
  return readInitialCoverage(code)?.coverageData;
}
