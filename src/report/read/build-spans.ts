import { dirname, relative } from 'node:path';
import { plainText } from '../../text/plain-text.ts';
import type { SpanModel, WorkerModel } from '../model.ts';
import type { FileRecord } from './build-file.ts';
import { limitLogs } from './limit-logs.ts';
import type { RunRecords } from './list-timelines.ts';
import { numberOf, type RecordedEvent, textOf } from './read-events.ts';

/** Characters of all spans together. */
const most = 1_500_000;

export interface Spans {
  readonly spans: readonly SpanModel[];
  readonly leftOut: number;
}

export interface SpanSources extends Pick<RunRecords, 'folders' | 'readBeside'> {
  readonly runFolder: string;
  readonly files: readonly FileRecord[];
  readonly workers: readonly WorkerModel[];
  /** Ids of tests. */
  readonly failed: ReadonlySet<string>;
}

/** The spans of all workers in the order they began, each joined by its trace to the test that caused it. */
export function buildSpans({ folders, files, workers, failed, ...rest }: SpanSources): Spans {
  const testOf = new Map(
    files.flatMap(({ tests }) =>
      tests.flatMap(({ test, traces }) => traces.map(trace => [trace, test.id] as const)),
    ),
  );
  const known = new Set(workers.map(({ id }) => id));
  const own = folders.flatMap(({ id, events }) =>
    spansIn(events, testOf, name => `${id}/${name}`).filter(({ worker }) => known.has(worker)),
  );
  const all = [...own, ...keptSpans(workers, testOf, rest)];
  const spans = limitSpans(all, failed);
  return {
    spans: [...spans].sort((one, other) => one.fromMs - other.fromMs),
    leftOut: all.length - spans.length,
  };
}

/** Of workers that an earlier run had started and kept: they tell in its folder what they do for this one. */
function keptSpans(
  workers: readonly WorkerModel[],
  testOf: ReadonlyMap<string, string>,
  { runFolder, readBeside }: Pick<SpanSources, 'runFolder' | 'readBeside'>,
): readonly SpanModel[] {
  return workers
    .filter(({ scope }) => scope === 'elsewhere')
    .flatMap(({ id, name, logPaths }) => {
      const folder = dirname(logPaths.stdout);
      if (testOf.size === 0 || !relative(runFolder, folder).startsWith('..')) return [];
      const ofWorker = readBeside(folder).filter(({ fields }) => fields.worker === name);
      return spansIn(ofWorker, testOf, () => id).filter(({ test }) => test !== undefined);
    });
}

/** Those of failed tests come first, then the newest. */
export function limitSpans(spans: readonly SpanModel[], failed: ReadonlySet<string>): readonly SpanModel[] {
  return limitLogs(
    spans,
    span => ({
      size: JSON.stringify(span).length,
      toMs: span.toMs,
      matters: span.test !== undefined && failed.has(span.test),
    }),
    most,
  );
}

function spansIn(
  events: readonly RecordedEvent[],
  testOf: ReadonlyMap<string, string>,
  idOf: (worker: string) => string,
): readonly SpanModel[] {
  return events
    .filter(({ event }) => event === 'otel.span')
    .flatMap(event => toSpan(event, testOf, idOf) ?? []);
}

function toSpan(
  { atMs, fields }: RecordedEvent,
  testOf: ReadonlyMap<string, string>,
  idOf: (worker: string) => string,
): SpanModel | undefined {
  const worker = textOf(fields.worker);
  const trace = textOf(fields.trace);
  const id = textOf(fields.span);
  if (worker === undefined || trace === undefined || id === undefined) return undefined;
  const parent = textOf(fields.parent);
  const kind = textOf(fields.kind);
  const message = textOf(fields.message);
  const test = testOf.get(trace);
  const toMs = Math.max(0, atMs - (numberOf(fields.agoMs) ?? 0));
  const fromMs = Math.max(0, toMs - (numberOf(fields.durationMs) ?? 0));
  return {
    worker: idOf(worker),
    trace,
    id,
    ...(parent === undefined ? {} : { parent }),
    ...(test === undefined ? {} : { test }),
    name: inOneLine(textOf(fields.name) ?? ''),
    ...(kind === undefined ? {} : { kind: inOneLine(kind) }),
    fromMs: rounded(fromMs),
    toMs: rounded(toMs),
    ...(fields.isError === true ? { isBad: true } : {}),
    ...(message === undefined ? {} : { message: inOneLine(message) }),
    attributes: attributesOf(fields.attributes),
  };
}

function attributesOf(recorded: unknown): SpanModel['attributes'] {
  if (typeof recorded !== 'object' || recorded === null || Array.isArray(recorded)) return [];
  return Object.entries(recorded).flatMap(([name, value]) =>
    typeof value === 'object' ? [] : [[inOneLine(name), inOneLine(String(value))] as const],
  );
}

/** Statements have lines, a row has one. */
function inOneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
