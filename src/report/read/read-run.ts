import { basename, dirname } from 'node:path';
import type { Secrets } from '../../secrets/secrets.ts';
import { type LogSlice, modelVersion, type RunModel, type SpanModel, type WorkerModel } from '../model.ts';
import { buildFile, type FileRecord } from './build-file.ts';
import { buildSpans } from './build-spans.ts';
import { buildWorkers } from './build-workers.ts';
import { limitLogs } from './limit-logs.ts';
import { listTimelines } from './list-timelines.ts';
import { listSlices, readSlice } from './read-slices.ts';
import { stateFacts } from './state-facts.ts';

export interface ReadRunOptions {
  /** Logs are not masked on disk. */
  readonly secrets: Secrets;
  /** What began earlier is left out; milliseconds since the Unix epoch. Default 0. */
  readonly sinceMs?: number;
}

/** Everything that is written down of a run. Whatever is missing or broken there, it tells the rest. @param runFolder `<rootDir>/.live-worker/<run>` */
export function readRun(runFolder: string, { secrets, sinceMs = 0 }: ReadRunOptions): RunModel {
  const base = dirname(runFolder);
  const rootDir = dirname(base);
  const { folders, startedAtMs, readBeside } = listTimelines(runFolder, sinceMs);
  const endMs = folders
    .flatMap(({ events }) => events)
    .reduce((latest, { atMs }) => Math.max(latest, atMs), 0);
  const files = folders.flatMap(record => buildFile(record, rootDir, endMs) ?? []);
  const found = buildWorkers(folders, files, { base, endMs });
  const workers = found.map(({ worker }) => worker);
  const readable = found.filter(({ hasUnknownSecrets }) => !hasUnknownSecrets).map(({ worker }) => worker);
  const all = readable.flatMap(worker => listSlices(worker, files, endMs));
  const isFailed = failedTests(files);
  const kept = limitLogs(all, ({ bytes, range }) => ({
    size: bytes,
    toMs: range.toMs,
    matters: range.test !== undefined && isFailed.has(range.test),
  }));
  const logs = kept.flatMap(slice => readSlice(slice, secrets) ?? []);
  const { spans, leftOut } = buildSpans({ runFolder, folders, readBeside, files, workers, failed: isFailed });
  const malformed = folders.reduce((sum, folder) => sum + folder.malformed, 0);
  return {
    version: modelVersion,
    title: basename(rootDir),
    startedAtMs: Math.round(startedAtMs),
    durationMs: endMs,
    shards: [],
    files: files.map(file => toModel(file, workers, { logs, spans })),
    workers,
    logs,
    ...(spans.length === 0 ? {} : { spans }),
    notes: [
      ...(malformed === 0
        ? []
        : [
            `${malformed} ${malformed === 1 ? 'line' : 'lines'} of events.ndjson could not be read: a process was killed while it wrote`,
          ]),
      ...noteUnread(workers.filter(worker => !readable.includes(worker))),
      ...noteLeftOut(all.length - kept.length),
      ...noteSpansLeftOut(leftOut),
    ],
  };
}

function toModel(
  { file }: FileRecord,
  workers: readonly WorkerModel[],
  seen: { readonly logs: readonly LogSlice[]; readonly spans: readonly SpanModel[] },
): RunModel['files'][number] {
  const used = workers.filter(({ files }) => files.includes(file.id));
  return {
    ...file,
    workers: used.map(({ id }) => id),
    tests: file.tests.map(test => ({ ...test, facts: stateFacts(test, used, seen) })),
  };
}

function failedTests(files: readonly FileRecord[]): ReadonlySet<string> {
  const tests = files.flatMap(({ tests }) => tests.map(({ test }) => test));
  return new Set(
    tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'cut off').map(({ id }) => id),
  );
}

function noteUnread(workers: readonly WorkerModel[]): readonly string[] {
  return workers.map(
    ({ name, logPaths }) =>
      `the output of worker "${name}" is left out: a test restarted it with a secret that is not known here to be masked; it is in ${logPaths.stderr}`,
  );
}

function noteLeftOut(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    `the output of ${count} ${count === 1 ? 'piece' : 'pieces'} of time is left out for its size: failed tests come first, then the newest`,
  ];
}

function noteSpansLeftOut(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    `${count} ${count === 1 ? 'span is' : 'spans are'} left out for their size: those of failed tests come first, then the newest`,
  ];
}
