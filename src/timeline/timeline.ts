import { closeSync, openSync, writeSync } from 'node:fs';

/** One line of events.ndjson. Times are milliseconds since the Unix epoch, with fractions, from a clock that never goes back. */
interface TimelineEvent {
  readonly atMs: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The record of one test file, written as it happens: what is in it survives whatever ends Jest. */
export interface Timeline {
  record(event: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** Opens events.ndjson for appending. */
export function openTimeline(path: string): Timeline {
  let descriptor: number | undefined = openSync(path, 'a', 0o600);
  return {
    record(event, fields = {}) {
      if (descriptor === undefined) return;
      const line: TimelineEvent = { atMs: now(), event, ...fields };
      writeSync(descriptor, `${JSON.stringify(line)}\n`);
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1_000) / 1_000;
}
