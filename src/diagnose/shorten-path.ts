import { isAbsolute, relative } from 'node:path';

/** As it would be written in a setting of the worker: relative when it lies below the folder. */
export function shortenPath(path: string, folder: string): string {
  const way = relative(folder, path);
  if (way === '') return '.';
  return way.startsWith('../../') || isAbsolute(way) ? path : way;
}
