import { modelVersion, type RunModel } from '../model.ts';
import { limitSpans } from '../read/build-spans.ts';
import { limitLogs } from '../read/limit-logs.ts';

/** A run that is a part of the whole, with the name it is to have. */
export interface Shard {
  readonly name: string;
  readonly model: RunModel;
}

/** One run of several: machines do not share a clock, so each part is laid from its own beginning. */
export function mergeRuns(shards: readonly Shard[]): RunModel {
  const parts = shards.map(({ name, model }, index) => relabel(model, name, `${index + 1}.`));
  const logs = parts.flatMap(({ logs }) => logs);
  const failed = new Set(
    parts
      .flatMap(({ files }) => files.flatMap(({ tests }) => tests))
      .flatMap(({ id, outcome }) => (outcome === 'failed' ? [id] : [])),
  );
  const allSpans = parts.flatMap(({ spans = [] }) => spans);
  const spans = limitSpans(allSpans, failed);
  const kept = limitLogs(logs, ({ text, toMs, test }) => ({
    size: text.length,
    toMs,
    matters: test !== undefined && failed.has(test),
  }));
  return {
    version: modelVersion,
    title: [...new Set(parts.map(({ title }) => title))].join(', '),
    startedAtMs: Math.min(...parts.map(({ startedAtMs }) => startedAtMs)),
    durationMs: Math.max(...parts.map(({ durationMs }) => durationMs)),
    shards: shards.map(({ name }) => name),
    files: parts.flatMap(({ files }) => files),
    workers: parts.flatMap(({ workers }) => workers),
    logs: kept,
    ...(spans.length === 0 ? {} : { spans }),
    notes: [
      'each shard is laid from its own beginning: the clocks of their machines are not compared',
      ...parts.flatMap(({ notes }, index) => notes.map(note => `${shards[index]?.name}: ${note}`)),
      ...(kept.length < logs.length
        ? [
            `the output of ${logs.length - kept.length} pieces of time is left out for its size; the reports of the shards have it`,
          ]
        : []),
      ...(spans.length < allSpans.length
        ? [
            `${allSpans.length - spans.length} spans are left out for their size; the reports of the shards have them`,
          ]
        : []),
    ],
  };
}

/** Two shards may have the same file, and worker, names. */
function relabel(model: RunModel, shard: string, prefix: string): RunModel {
  const id = (known: string) => `${prefix}${known}`;
  return {
    ...model,
    files: model.files.map(file => ({
      ...file,
      id: id(file.id),
      shard: file.shard ?? shard,
      workers: file.workers.map(id),
      tests: file.tests.map(test => ({ ...test, id: id(test.id) })),
    })),
    workers: model.workers.map(worker => ({
      ...worker,
      id: id(worker.id),
      shard: worker.shard ?? shard,
      files: worker.files.map(id),
    })),
    logs: model.logs.map(({ test, ...slice }) => ({
      ...slice,
      worker: id(slice.worker),
      ...(test === undefined ? {} : { test: id(test) }),
    })),
    spans: model.spans?.map(({ test, ...span }) => ({
      ...span,
      worker: id(span.worker),
      ...(test === undefined ? {} : { test: id(test) }),
    })),
  };
}
