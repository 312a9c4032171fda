import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../services/run-to-end.ts';

/** Who installs a project and runs its Jest. Its words stand behind the Node of the cell. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'Yarn PnP';
  readonly environment: Readonly<Record<string, string>>;
  /** What must be in the project before it installs. */
  readonly files: Readonly<Record<string, string>>;
  add(packages: readonly string[]): readonly string[];
  jest(project: string): readonly string[];
}

/** All three, from the registry that npm is set to. */
export async function providePackageManagers(folder: string): Promise<readonly PackageManager[]> {
  const registry = await askNpm(['config', 'get', 'registry']);
  const npm = join(await askNpm(['root', '-g']), 'npm', 'bin', 'npm-cli.js');
  const installed = join(folder, 'managers');
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{}');
  await askNpm([
    'install',
    '--no-audit',
    '--no-fund',
    '--prefix',
    installed,
    'pnpm@10',
    '@yarnpkg/cli-dist@4',
  ]);
  const modules = join(installed, 'node_modules');
  return [
    {
      name: 'npm',
      environment: {},
      files: {},
      add: packages => [npm, 'install', '--no-audit', '--no-fund', ...packages],
      jest: project => [join(project, 'node_modules', 'jest', 'bin', 'jest.js')],
    },
    pnpm(join(modules, 'pnpm', 'bin', 'pnpm.cjs'), { registry, folder }),
    yarnPnp(join(modules, '@yarnpkg', 'cli-dist', 'bin', 'yarn.js'), registry),
  ];
}

function pnpm(
  program: string,
  { registry, folder }: { readonly registry: string; readonly folder: string },
): PackageManager {
  return {
    name: 'pnpm',
    environment: { npm_config_registry: registry, npm_config_store_dir: join(folder, 'pnpm-store') },
    files: {},
    add: packages => [program, 'add', '--save-dev', ...packages],
    jest: () => [program, 'exec', 'jest'],
  };
}

function yarnPnp(program: string, registry: string): PackageManager {
  const { protocol, hostname } = new URL(registry);
  return {
    name: 'Yarn PnP',
    environment: {
      YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
      YARN_NODE_LINKER: 'pnp',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_GLOBAL_CACHE: 'false',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      ...(protocol === 'http:' && { YARN_UNSAFE_HTTP_WHITELIST: hostname }),
    },
    // It marks where the project begins.
    files: { 'yarn.lock': '' },
    add: packages => [program, 'add', '--dev', ...packages],
    jest: () => [program, 'jest'],
  };
}

async function askNpm(words: readonly string[]): Promise<string> {
  const { succeeded, output } = await runToEnd('npm', words);
  if (!succeeded) throw new Error(`Cannot run npm ${words[0]}:\n${output}`);
  return output.trim();
}
