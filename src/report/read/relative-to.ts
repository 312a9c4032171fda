import { isAbsolute, relative, sep } from 'node:path';

/** A path as it is shown: from that folder where it is in it, with the slashes of an address. */
export function relativeTo(folder: string, path: string): string {
  const way = relative(folder, path);
  const isInside = !isAbsolute(way) && !way.startsWith('..');
  return (isInside ? way : path).split(sep).join('/');
}
