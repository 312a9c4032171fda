import { dirname, isAbsolute, relative, resolve } from 'node:path';

/** The directory itself and those above it, up to `top`; only itself when it lies outside of `top`. */
export function listParents(directory: string, top?: string): readonly string[] {
  if (top !== undefined && !isInside(directory, top)) return [directory];
  const last = top === undefined ? undefined : resolve(top);
  const parents = [directory];
  for (let current = directory; current !== last && dirname(current) !== current; ) {
    current = dirname(current);
    parents.push(current);
  }
  return parents;
}

function isInside(directory: string, top: string): boolean {
  const way = relative(top, directory);
  return !isAbsolute(way) && way !== '..' && !/^\.\.[\\/]/.test(way);
}
