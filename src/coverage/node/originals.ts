import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  GREATEST_LOWER_BOUND,
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  type SourceMapInput,
  TraceMap,
} from '@jridgewell/trace-mapping';
import type { Position } from '../file-coverage.ts';
import type { FindOffset } from './fill-counts.ts';
import { type NodeScript, pathOf } from './node-scripts.ts';
import { LineStarts, withoutMark } from './script-text.ts';

/** A file of the project that a script was made of: the script itself where it names no source map. */
export interface Original {
  readonly path: string;
  readonly offsetOf: FindOffset;
  /** Of a script that was made of others: its index among the sources of the map. */
  readonly source: number | undefined;
}

/** Files that are not there any more are left out. */
export function originalsOf({ path, sourceMap }: NodeScript): readonly Original[] {
  if (!sourceMap?.data) {
    if (!existsSync(path)) return [];
    const lines = LineStarts.of(withoutMark(readFileSync(path, 'utf8')));
    return [{ path, offsetOf: position => lines.offsetOf(position), source: undefined }];
  }
  const { data, lineLengths } = sourceMap;
  const map = new TraceMap(data as SourceMapInput, pathToFileURL(path).href);
  const lines = new LineStarts(lineLengths);
  return map.resolvedSources.flatMap((url, source) => {
    const original = pathOf(url);
    if (original === undefined || !existsSync(original)) return [];
    return [{ path: original, offsetOf: findBySource(map, url, lines), source }];
  });
}

/** What a file says of a place in what a transformer made of it; undefined where that stands for nothing of the file. */
export function toOriginal(inputSourceMap: unknown): (position: Position) => Position | undefined {
  const map = new TraceMap(inputSourceMap as SourceMapInput);
  return position => {
    for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
      const { line, column } = originalPositionFor(map, { ...position, bias });
      if (line !== null) return { line, column };
    }
    return undefined;
  };
}

function findBySource(map: TraceMap, source: string, lines: LineStarts): FindOffset {
  return position => {
    for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
      const { line, column } = generatedPositionFor(map, { source, ...position, bias });
      if (line !== null) return lines.offsetOf({ line, column });
    }
    return undefined;
  };
}
