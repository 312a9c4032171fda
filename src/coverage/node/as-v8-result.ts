import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { decodedMappings, type SourceMapInput, TraceMap } from '@jridgewell/trace-mapping';
import type { NodeScript } from './node-scripts.ts';
import type { Original } from './originals.ts';
import type { V8Function } from './v8-dump.ts';

/** As Jest keeps what one test file ran of one script with `coverageProvider: 'v8'`. */
export interface V8Result {
  readonly result: {
    readonly scriptId: string;
    readonly url: string;
    readonly functions: readonly V8Function[];
  };
  readonly codeTransformResult: CodeTransform | undefined;
}

export interface CodeTransform {
  readonly code: string;
  readonly originalCode: string;
  readonly sourceMapPath: string;
  readonly wrapperLength: 0;
}

/** All that goes by one URL, Jest adds range by range; what a dump leaves out did not run. */
export function v8Results(
  { fresh, counted }: NodeScript,
  url: string,
  codeTransformResult: CodeTransform | undefined,
): readonly V8Result[] {
  return [...fresh, ...counted.map(withoutCounts)].map(functions => ({
    result: { scriptId: '0', url, functions },
    codeTransformResult,
  }));
}

/** What a script has of one of its sources, for a converter that reads one source of a map alone. */
export function transformTo(
  { path, sourceMap }: NodeScript,
  { path: original, source }: Original,
  { text, sourceMapPath }: { readonly text: string; readonly sourceMapPath: string },
): CodeTransform {
  const code = sourceMap?.data ? textOfLines(sourceMap.lineLengths) : text;
  const mappings =
    sourceMap?.data && source !== undefined
      ? mappingsOf(new TraceMap(sourceMap.data as SourceMapInput, pathToFileURL(path).href), source)
      : identity(text);
  const map = {
    version: 3,
    names: [],
    sources: [pathToFileURL(original).href],
    sourcesContent: [text],
    mappings,
  };
  writeFileSync(sourceMapPath, JSON.stringify(map), { mode: 0o600 });
  return { code, originalCode: text, sourceMapPath, wrapperLength: 0 };
}

type Segment = readonly [number] | readonly [number, number, number, number];

/** Those that lead to one source; the others end them. */
function mappingsOf(map: TraceMap, source: number): readonly (readonly Segment[])[] {
  return decodedMappings(map).map(line =>
    line.map(segment =>
      segment.length > 1 && segment[1] === source
        ? [segment[0], 0, segment[2] ?? 0, segment[3] ?? 0]
        : [segment[0]],
    ),
  );
}

function identity(text: string): readonly (readonly Segment[])[] {
  return text
    .split('\n')
    .map((line, index) =>
      Array.from({ length: line.length + 1 }, (_, column): Segment => [column, 0, index, column]),
    );
}

/** What a transformer made in memory is known by its lines alone, and no more is asked of it; blanks at an end would be cut off. */
function textOfLines(lengths: readonly number[]): string {
  return lengths.map(length => '_'.repeat(length)).join('\n');
}

function withoutCounts(functions: readonly V8Function[]): readonly V8Function[] {
  return functions.map(one => ({ ...one, ranges: one.ranges.map(range => ({ ...range, count: 0 })) }));
}
