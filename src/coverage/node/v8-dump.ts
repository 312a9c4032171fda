import { readFileSync } from 'node:fs';

/** A function as V8 reports it: offsets in UTF-16 units; the first range is all of it, the others lie in each other. */
export interface V8Function {
  readonly functionName: string;
  readonly isBlockCoverage: boolean;
  readonly ranges: readonly V8Range[];
}

export interface V8Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** What Node knows of a script that names a source map. */
export interface KnownSourceMap {
  /** Of the script as it ran, without line ends. */
  readonly lineLengths: readonly number[];
  /** Its sources are URLs; null where it could not be read. */
  readonly data: RawSourceMap | null;
}

interface RawSourceMap {
  readonly version: 3;
  readonly names: string[];
  readonly mappings: string;
  readonly sources: string[];
  readonly sourcesContent?: (string | null)[];
}

/** One file of NODE_V8_COVERAGE: what a thread of a process ran since its file before. */
export interface V8Dump {
  /** By URL. */
  readonly scripts: ReadonlyMap<string, readonly V8Function[]>;
  readonly sourceMaps: ReadonlyMap<string, KnownSourceMap>;
}

/** @throws where it is not whole: its process was ended while it wrote */
export function readDump(path: string): V8Dump {
  const content = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly result: readonly { readonly url: string; readonly functions: readonly V8Function[] }[];
    readonly 'source-map-cache'?: Readonly<Record<string, KnownSourceMap>>;
  };
  return {
    scripts: new Map(content.result.map(({ url, functions }) => [url, functions])),
    sourceMaps: new Map(Object.entries(content['source-map-cache'] ?? {})),
  };
}
