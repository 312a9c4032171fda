import { requireTransform } from '../jest-module-loader.ts';

type Transform = typeof import('@jest/transform');
export type ProjectConfig = Parameters<Transform['createScriptTransformer']>[0];

/** Jest's `globalConfig`, as far as coverage is concerned. */
export interface CoverageConfig {
  readonly rootDir: string;
  readonly collectCoverage: boolean;
  readonly collectCoverageFrom: readonly string[];
  readonly coverageProvider: 'babel' | 'v8';
}

/** Which files count, by Jest's own rule: `collectCoverageFrom`, `coveragePathIgnorePatterns`, and no test files. */
export function coverageFilter(config: CoverageConfig, project: ProjectConfig): (path: string) => boolean {
  const { shouldInstrument } = requireTransform(project.rootDir);
  const { rootDir, collectCoverage, collectCoverageFrom, coverageProvider } = config;
  const options = { collectCoverage, collectCoverageFrom, coverageProvider, globalRootDir: rootDir };
  return path => shouldInstrument(path, options as Parameters<typeof shouldInstrument>[1], project);
}
