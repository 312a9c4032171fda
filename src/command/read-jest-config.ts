import { join } from 'node:path';
import { LiveWorkerError } from '../errors.ts';
import { resolveThrough } from '../jest/resolve-through.ts';
import type { ProjectOptions } from './project-options.ts';

/** A project as Jest itself resolves it, as far as the command looks at it. */
export interface JestProject {
  readonly rootDir: string;
  readonly displayName?: { readonly name: string };
  readonly testEnvironmentOptions: Readonly<Record<string, unknown>>;
}

interface JestConfig {
  readConfigs(
    argv: Readonly<Record<string, unknown>>,
    projects: readonly string[],
  ): Promise<{ readonly configs: readonly JestProject[] }>;
  readInitialOptions?(
    config: string | undefined,
    options: { readonly packageRootOrConfig: string; readonly skipMultipleConfigError: boolean },
  ): Promise<{ readonly configPath: string | null }>;
}

/**
 * Reads the configuration through the jest-config of the user's own Jest, so that nothing is understood otherwise than by it.
 *
 * @throws CONFIG_UNREADABLE with what Jest says
 */
export async function readJestConfig(
  cwd: string,
  { config, rootDir }: ProjectOptions,
): Promise<readonly JestProject[]> {
  const jest = findJestConfig(cwd);
  // Jest's own command does this before it reads a configuration, which may look at it.
  process.env.NODE_ENV ??= 'test';
  const argv = { _: [], $0: 'jest', ...(config && { config }), ...(rootDir && { rootDir }) };
  try {
    return (await jest.readConfigs(argv, [cwd])).configs;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/^Could not find a config file/.test(reason)) throw noConfig(cwd, error);
    throw new LiveWorkerError('CONFIG_UNREADABLE', `Cannot read the Jest configuration: ${reason.trim()}`, {
      details: { cwd, config: config ?? null },
      cause: error,
    });
  }
}

/** The file that Jest reads; undefined where it is none, or Jest does not tell. */
export async function findConfigFile(cwd: string, { config }: ProjectOptions): Promise<string | undefined> {
  try {
    const options = { packageRootOrConfig: cwd, skipMultipleConfigError: true };
    return (await findJestConfig(cwd).readInitialOptions?.(config, options))?.configPath ?? undefined;
  } catch {
    return undefined;
  }
}

function noConfig(cwd: string, cause: unknown): LiveWorkerError {
  return new LiveWorkerError(
    'CONFIG_UNREADABLE',
    `Cannot read the Jest configuration: there is no jest.config.js (.ts, .mjs, .mts, .cjs, .cts, .json) and no package.json in "${cwd}" or above it\nGo to the folder that has it, or name it: --config PATH`,
    { details: { cwd, config: null }, cause },
  );
}

/** From the project, else from where this package is installed: both find the Jest that would run. */
function findJestConfig(cwd: string): JestConfig {
  for (const from of [join(cwd, 'package.json'), __filename]) {
    const path = resolveThrough(from, ['jest/package.json', '@jest/core/package.json', 'jest-config']);
    if (path !== undefined) return require(path) as JestConfig;
  }
  throw new LiveWorkerError(
    'CONFIG_UNREADABLE',
    `Cannot find Jest from "${cwd}"\nInstall it: npm install --save-dev jest`,
    { details: { cwd } },
  );
}
