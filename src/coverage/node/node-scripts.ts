import { fileURLToPath } from 'node:url';
import type { KnownSourceMap, V8Dump, V8Function } from './v8-dump.ts';

/** A script that the Node processes of a worker ran. */
export interface NodeScript {
  readonly path: string;
  /** One for each dump that is to be counted. */
  readonly fresh: readonly (readonly V8Function[])[];
  /** Of the dumps that were counted before: they have functions that the fresh ones leave out, because they did not run since. */
  readonly counted: readonly (readonly V8Function[])[];
  readonly sourceMap: KnownSourceMap | undefined;
}

/** What the dumps have, by script; of those alone that ran since the last count. */
export function nodeScripts(fresh: readonly V8Dump[], counted: readonly V8Dump[]): readonly NodeScript[] {
  const urls = new Set(fresh.flatMap(({ scripts }) => [...scripts.keys()]));
  const of = (dumps: readonly V8Dump[], url: string) =>
    dumps.flatMap(({ scripts }) => {
      const functions = scripts.get(url);
      return functions ? [functions] : [];
    });
  return [...urls].flatMap(url => {
    const path = pathOf(url);
    if (path === undefined) return [];
    const sourceMap = [...fresh, ...counted].find(({ sourceMaps }) => sourceMaps.has(url));
    return [
      {
        path,
        fresh: of(fresh, url),
        counted: of(counted, url),
        sourceMap: sourceMap?.sourceMaps.get(url),
      },
    ];
  });
}

/** A loader may put a question mark and more behind it. */
export function pathOf(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  try {
    const plain = new URL(url);
    plain.search = '';
    plain.hash = '';
    return fileURLToPath(plain);
  } catch {
    return undefined;
  }
}
