import { createRequire } from 'node:module';

/** Each name as the package before it finds it, the first from `start`: what only Jest depends on, the project may not be able to find. */
export function resolveThrough(start: string, names: readonly string[]): string | undefined {
  try {
    return names.reduce((from, name) => createRequire(from).resolve(name), start);
  } catch {
    return undefined;
  }
}
