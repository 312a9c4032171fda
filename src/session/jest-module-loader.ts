import { createRequire } from 'node:module';
import { join } from 'node:path';

type ProjectConfig = { readonly rootDir: string };
type Transform = typeof import('@jest/transform');

/**
 * Loads a module the way Jest loads a project's own files, TypeScript included. `@jest/transform` is found through the
 * project's Jest, so that its version fits.
 */
export function jestModuleLoader(projectConfig: ProjectConfig): (path: string) => Promise<unknown> {
  return async path => {
    const { createScriptTransformer } = requireTransform(projectConfig.rootDir);
    const transformer = await createScriptTransformer(
      projectConfig as Parameters<Transform['createScriptTransformer']>[0],
    );
    const loaded: unknown = await transformer.requireAndTranspileModule(path);
    return defaultExport(loaded);
  };
}

function requireTransform(rootDir: string): Transform {
  const fromProject = createRequire(join(rootDir, 'package.json'));
  const fromJest = createRequire(fromProject.resolve('jest/package.json'));
  const fromCore = createRequire(fromJest.resolve('@jest/core/package.json'));
  return fromCore('@jest/transform') as Transform;
}

function defaultExport(loaded: unknown): unknown {
  if (typeof loaded !== 'object' || loaded === null || !('default' in loaded)) return loaded;
  return loaded.default;
}
