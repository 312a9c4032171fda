import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Secrets } from '../../secrets/secrets.ts';
import { plainText } from '../../text/plain-text.ts';
import type { LogSlice, WorkerModel } from '../model.ts';
import type { FileRecord } from './build-file.ts';
import type { LogSpan } from './build-tests.ts';
import { memberOf, numberOf } from './read-events.ts';

/** The newest part of what a worker wrote to a stream within a test is shown; the rest stays in the file. */
const longestSliceBytes = 256 * 1024;
const streams = ['stdout', 'stderr'] as const;

/** Bytes of one log that belong together. */
interface Range {
  readonly test?: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

/** A slice that was not read yet. */
export interface UnreadSlice {
  readonly worker: string;
  readonly stream: LogSlice['stream'];
  readonly path: string;
  readonly range: Range;
  /** Of what would be read. */
  readonly bytes: number;
}

/** What a worker wrote, cut at the ends of the tests that used it. */
export function listSlices(
  worker: WorkerModel,
  files: readonly FileRecord[],
  endMs: number,
): readonly UnreadSlice[] {
  return streams.flatMap((stream, index) => {
    const path = worker.logPaths[stream];
    const size = sizeOf(path);
    const tests = files
      .filter(({ file }) => worker.files.includes(file.id))
      .flatMap(({ tests }) => tests)
      .flatMap(({ test, spans }) =>
        spans.flatMap(span => toRange(test.id, span, { worker, index, size }) ?? []),
      );
    const [startMs = 0, ...others] = worker.states.map(({ fromMs }) => fromMs);
    const lastMs = Math.max(startMs, ...others, ...worker.states.map(({ toMs }) => toMs));
    const gaps = findGaps(tests, size, { fromMs: startMs, toMs: lastMs || endMs });
    return [...tests, ...gaps]
      .sort((one, other) => one.from - other.from || one.to - other.to)
      .map(range => ({
        worker: worker.id,
        stream,
        path,
        range,
        bytes: Math.min(longestSliceBytes, range.to - range.from),
      }));
  });
}

/** Undefined for one without a word, or whose log cannot be read. */
export function readSlice(
  { worker, stream, path, range }: UnreadSlice,
  secrets: Secrets,
): LogSlice | undefined {
  const { test, fromMs, toMs, from, to } = range;
  const start = Math.max(from, to - longestSliceBytes);
  const isCut = start > from;
  const read = readBytes(path, start, to);
  const bytes = isCut ? afterFirstLine(read) : read;
  // The mask sees whole lines: half of a secret is none it knows.
  const text = plainText(secrets.mask(bytes.toString('utf8'))).replace(/\n+$/, '');
  if (text.trim() === '') return undefined;
  return {
    worker,
    stream,
    ...(test === undefined ? {} : { test }),
    fromMs,
    toMs,
    text,
    lines: text.split('\n').length,
    leftOut: isCut ? to - from - bytes.length : 0,
  };
}

function readBytes(path: string, from: number, to: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const buffer = Buffer.alloc(to - from);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, from));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

function toRange(
  test: string,
  { fromMs, toMs, from, to }: LogSpan,
  { worker, index, size }: { readonly worker: WorkerModel; readonly index: number; readonly size: number },
): Range | undefined {
  const start = sizeIn(from, worker.name, index);
  if (start === undefined) return undefined;
  const end = sizeIn(to, worker.name, index) ?? size;
  // A log that a process truncated is shorter than it was.
  const inside = { from: Math.min(start, size), to: Math.min(end, size) };
  return inside.to > inside.from ? { test, fromMs, toMs, ...inside } : undefined;
}

function sizeIn(logs: unknown, worker: string, index: number): number | undefined {
  const sizes = memberOf(logs, worker);
  const size = Array.isArray(sizes) ? numberOf(sizes[index]) : undefined;
  return size === undefined || size < 0 ? undefined : Math.floor(size);
}

/** What was written while no test ran that tells of it. */
function findGaps(
  tests: readonly Range[],
  size: number,
  life: { readonly fromMs: number; readonly toMs: number },
): readonly Range[] {
  const gaps: Range[] = [];
  let at = 0;
  let atMs = life.fromMs;
  for (const { from, to, fromMs, toMs } of [...tests].sort((one, other) => one.from - other.from)) {
    if (from > at) gaps.push({ from: at, to: from, fromMs: atMs, toMs: Math.max(atMs, fromMs) });
    if (to > at) [at, atMs] = [to, Math.max(atMs, toMs)];
  }
  if (size > at) gaps.push({ from: at, to: size, fromMs: atMs, toMs: Math.max(atMs, life.toMs) });
  return gaps;
}

function afterFirstLine(bytes: Buffer): Buffer {
  const end = bytes.indexOf(10);
  return end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 1);
}
