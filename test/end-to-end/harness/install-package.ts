import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectsFolder, repository } from './folders.ts';

/** Jest's globalSetup: puts the built package where the miniature projects find it as their users would. */
export default function installPackage(): void {
  const built = join(repository, 'dist');
  if (!existsSync(join(built, 'index.js')))
    throw new Error('There is no dist folder: run `npm run build` first');
  const installed = join(projectsFolder, 'node_modules', 'jest-environment-live-worker');
  mkdirSync(installed, { recursive: true });
  cpSync(built, join(installed, 'dist'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(installed, 'package.json'));
}
