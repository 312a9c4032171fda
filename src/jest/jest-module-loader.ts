import { join } from 'node:path';
import { LiveWorkerError } from '../errors.ts';
import { resolveThrough } from './resolve-through.ts';

type ProjectConfig = { readonly rootDir: string };
type Transform = typeof import('@jest/transform');

const transform = ['jest/package.json', '@jest/core/package.json', '@jest/transform'];

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
  const path =
    resolveThrough(join(rootDir, 'package.json'), transform) ?? resolveThrough(__filename, transform);
  if (path === undefined) throw notFound(rootDir);
  return require(path) as Transform;
}

function notFound(rootDir: string): LiveWorkerError {
  return new LiveWorkerError(
    'CONFIG_UNREADABLE',
    `Cannot find Jest from "${rootDir}"\nInstall it: npm install --save-dev jest`,
    { details: { cwd: rootDir } },
  );
}

function defaultExport(loaded: unknown): unknown {
  if (typeof loaded !== 'object' || loaded === null || !('default' in loaded)) return loaded;
  return loaded.default;
}
