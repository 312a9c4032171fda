import { basename, join, resolve } from 'node:path';

export const repository = resolve(__dirname, '../../..');
export const projectsFolder = join(repository, '.e2e');
export const workersFolder = join(repository, 'fixtures', 'workers');

/** Where the Jest of a project keeps its cache: the one in the temporary folder may be another user's. */
export function cacheFolderOf(project: string): string {
  return join(projectsFolder, '.cache', basename(project));
}
