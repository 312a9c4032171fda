import { closeSync, openSync, writeSync } from 'node:fs';
import { toJson } from '../text/to-json.ts';

/** One line of events.ndjson. Times are milliseconds since the Unix epoch, with fractions, from a clock that never goes back. */
interface TimelineEvent {
  readonly atMs: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The record of one test file, written as it happens: what is in it survives any end of Jest. */
export interface Timeline {
  record(event: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export interface TimelineOptions {
  /** Takes the secrets out of what an event tells. */
  readonly mask: (fields: Fields) => Fields;
  readonly onTrouble: (what: string) => void;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Opens events.ndjson for appending. A record that cannot be written, on a full disk for one, fails no test: it is left out,
 * `onTrouble` hears of the first one, and the next one is tried again.
 */
export function openTimeline(path: string, { mask, onTrouble }: TimelineOptions): Timeline {
  let isTold = false;
  function attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isTold) onTrouble(`cannot write ${path}: ${error instanceof Error ? error.message : error}`);
      isTold = true;
      return undefined;
    }
  }

  let descriptor = attempt(() => openSync(path, 'a', 0o600));
  let isLineCut = false;
  function writeLine(line: TimelineEvent): void {
    const bytes = Buffer.from(`${isLineCut ? '\n' : ''}${toJson(line)}\n`);
    for (let written = 0; written < bytes.length && descriptor !== undefined; ) {
      written += writeSync(descriptor, bytes, written);
      isLineCut = written < bytes.length;
    }
  }

  return {
    record: (event, fields = {}) =>
      attempt(() => writeLine({ atMs: now(), event, ...maskFields(fields, mask) })),
    close() {
      const open = descriptor;
      descriptor = undefined;
      if (open !== undefined) attempt(() => closeSync(open));
    },
  };
}

/** A reader of the record finds a worker by its name and its launch, so these stay. */
function maskFields({ worker, id, ...rest }: Fields, mask: TimelineOptions['mask']): Fields {
  return { ...(worker === undefined ? {} : { worker }), ...(id === undefined ? {} : { id }), ...mask(rest) };
}

function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1_000) / 1_000;
}
