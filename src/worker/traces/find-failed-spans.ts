import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What is looked through of a record, from its end. */
const mostBytes = 8 * 1024 * 1024;

/** A span whose status is an error, as it was recorded. */
export interface FailedSpan {
  readonly name: string;
  readonly message: string;
  readonly durationMs: number;
}

/** Those that one worker has sent by now for one trace, in the order they came. Never throws. @param path of the record its spans are written to */
export function findFailedSpans(path: string, worker: string, trace: string): readonly FailedSpan[] {
  return readEnd(path)
    .split('\n')
    .filter(line => line.includes('"otel.span"') && line.includes(trace))
    .flatMap(line => toFailedSpan(line, worker, trace) ?? []);
}

function toFailedSpan(line: string, worker: string, trace: string): FailedSpan | undefined {
  try {
    const span: Readonly<Record<string, unknown>> = JSON.parse(line);
    if (span.isError !== true || span.worker !== worker || span.trace !== trace) return undefined;
    const { name, message, durationMs } = span;
    return {
      name: typeof name === 'string' ? name : '',
      message: typeof message === 'string' ? message : '',
      durationMs: typeof durationMs === 'number' ? durationMs : 0,
    };
  } catch {
    return undefined;
  }
}

function readEnd(path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, mostBytes));
    const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
