import { type Dirent, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { listParents } from './list-parents.ts';
import { isDirectory, isFile } from './path-kind.ts';

/** Where {@link findNearest} looks, and when it gives up. */
export interface NearestSearch {
  /** Searched downwards in this order; the first one also upwards. */
  readonly from: readonly string[];
  readonly kind: 'file' | 'directory';
  /** How many folders down. */
  readonly depth: number;
  /** How many directory entries may be read. */
  readonly entries: number;
  /** The folders a match must lie directly in. */
  readonly within?: readonly string[];
}

const skipped = new Set(['.git', 'site-packages', '__pycache__', '.live-worker']);

/** The nearest existing place whose path ends like `wanted`: in as many components as possible, at least its last. */
export function findNearest(wanted: string, search: NearestSearch): string | undefined {
  const components = wanted.split(/[\\/]/).filter(component => !['', '.', '..'].includes(component));
  const name = components.at(-1);
  if (name === undefined) return undefined;
  const above = isAbsolute(wanted) || search.within ? undefined : findAbove(components, search);
  if (above !== undefined) return above;
  let best: { readonly path: string; readonly likeness: number } | undefined;
  for (const path of placesBelow(name, search)) {
    if (search.within !== undefined && !search.within.includes(lastComponent(dirname(path)))) continue;
    const likeness = commonEnd(path, components);
    if (likeness > (best?.likeness ?? 0) && isKind(path, search.kind)) best = { path, likeness };
    if (best?.likeness === components.length) break;
  }
  return best?.path;
}

function findAbove(components: readonly string[], search: NearestSearch): string | undefined {
  const start = search.from[0] ?? '/';
  const parents = listParents(start).slice(1, -1);
  return parents.map(parent => join(parent, ...components)).find(path => isKind(path, search.kind));
}

/** Breadth first, so that the nearest come first. */
function* placesBelow(name: string, search: NearestSearch): Generator<string> {
  const folders = search.from.map(folder => ({ folder, depth: 0 }));
  const seen = new Set<string>();
  let left = search.entries;
  for (const { folder, depth } of folders) {
    if (seen.has(folder) || left <= 0) continue;
    seen.add(folder);
    const entries = readFolder(folder);
    left -= entries.length;
    if (entries.some(entry => entry.name === name)) yield join(folder, name);
    if (depth === search.depth) continue;
    for (const entry of entries.filter(entry => entry.isDirectory() && !skipped.has(entry.name))) {
      const below = entry.name === 'node_modules' ? join(entry.name, '.bin') : entry.name;
      folders.push({ folder: join(folder, below), depth: depth + 1 });
    }
  }
}

function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function commonEnd(path: string, components: readonly string[]): number {
  const own = path.split(/[\\/]/).reverse();
  const differs = components.toReversed().findIndex((component, index) => component !== own[index]);
  return differs === -1 ? components.length : differs;
}

function lastComponent(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? '';
}

function isKind(path: string, kind: 'file' | 'directory'): boolean {
  return kind === 'file' ? isFile(path) : isDirectory(path);
}
