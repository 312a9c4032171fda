import { join } from 'node:path';
import { LiveWorkerError } from '../errors.ts';
import { resolveThrough } from './resolve-through.ts';

type ProjectConfig = { readonly rootDir: string };
type Transform = typeof import('@jest/transform');

const transform = ['@jest/transform'];
/** Jest's packages have the others by them alone. */
const core = ['jest/package.json', '@jest/core/package.json'];

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

/** @throws CONFIG_UNREADABLE */
export function requireTransform(rootDir: string): Transform {
  return requireOfJest(rootDir, transform) as Transform;
}

/**
 * A package of the project's Jest, so that its version fits.
 *
 * @param names from one that `@jest/core` has on, each as the one before it finds it
 * @throws CONFIG_UNREADABLE
 */
export function requireOfJest(rootDir: string, names: readonly string[]): unknown {
  const chain = [...core, ...names];
  const path = resolveThrough(join(rootDir, 'package.json'), chain) ?? resolveThrough(__filename, chain);
  if (path === undefined) throw notFound(rootDir);
  return require(path);
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
