import { resolve } from 'node:path';

export const repositoryFolder = resolve(__dirname, '..', '..');
