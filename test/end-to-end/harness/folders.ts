import { join, resolve } from 'node:path';

export const repository = resolve(__dirname, '../../..');
export const projectsFolder = join(repository, '.e2e');
export const workersFolder = join(repository, 'fixtures', 'workers');
