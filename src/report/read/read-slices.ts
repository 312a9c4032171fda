import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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

/** What a worker wrote, cut at the ends of the tests that used it. */
export function readSlices(
  worker: WorkerModel,
  files: readonly FileRecord[],
  { secrets, endMs }: { readonly secrets: Secrets; readonly endMs: number },
): readonly LogSlice[] {
  return streams.flatMap((stream, index) => {
    const log = openLog(worker.logPaths[stream]);
    if (!log) return [];
    try {
      const tests = files
        .filter(({ file }) => worker.files.includes(file.id))
        .flatMap(({ tests }) => tests)
        .flatMap(({ test, spans }) =>
          spans.flatMap(span => toRange(test.id, span, { worker, index, size: log.size }) ?? []),
        );
      const [startMs = 0, ...others] = worker.states.map(({ fromMs }) => fromMs);
      const lastMs = Math.max(startMs, ...others, ...worker.states.map(({ toMs }) => toMs));
      const gaps = findGaps(tests, log.size, { fromMs: startMs, toMs: lastMs || endMs });
      return [...tests, ...gaps]
        .sort((one, other) => one.from - other.from || one.to - other.to)
        .flatMap(range => toSlice(range, log, { worker: worker.id, stream, secrets }) ?? []);
    } finally {
      closeSync(log.descriptor);
    }
  });
}

interface OpenLog {
  readonly descriptor: number;
  readonly size: number;
}

function openLog(path: string): OpenLog | undefined {
  try {
    const descriptor = openSync(path, 'r');
    return { descriptor, size: fstatSync(descriptor).size };
  } catch {
    return undefined;
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

function toSlice(
  { test, fromMs, toMs, from, to }: Range,
  { descriptor }: OpenLog,
  { worker, stream, secrets }: Pick<LogSlice, 'worker' | 'stream'> & { readonly secrets: Secrets },
): LogSlice | undefined {
  const start = Math.max(from, to - longestSliceBytes);
  const buffer = Buffer.alloc(to - start);
  const read = readSync(descriptor, buffer, 0, buffer.length, start);
  const isCut = start > from;
  const bytes = isCut ? afterFirstLine(buffer.subarray(0, read)) : buffer.subarray(0, read);
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

function afterFirstLine(bytes: Buffer): Buffer {
  const end = bytes.indexOf(10);
  return end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 1);
}
