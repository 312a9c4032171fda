import * as v from 'valibot';
import { modelVersion, type RunModel } from '../model.ts';

const ms = v.pipe(v.number(), v.finite());
const texts = v.array(v.string());

const event = v.object({
  atMs: ms,
  kind: v.picklist(['queue', 'turn', 'probe', 'worker', 'log', 'file']),
  text: v.string(),
  isBad: v.optional(v.boolean()),
});

const failure = v.object({
  title: v.string(),
  text: v.string(),
  cause: v.optional(v.string()),
  change: v.optional(v.string()),
  hook: v.optional(v.string()),
  place: v.optional(v.object({ file: v.string(), line: v.number() })),
});

const outcome = v.picklist(['passed', 'failed', 'skipped', 'cut off']);

const test = v.object({
  id: v.string(),
  name: v.string(),
  fromMs: ms,
  toMs: ms,
  outcome,
  attempts: v.number(),
  failures: v.array(failure),
  facts: texts,
});

const file = v.object({
  id: v.string(),
  path: v.string(),
  shard: v.optional(v.string()),
  pid: v.optional(v.number()),
  fromMs: ms,
  toMs: ms,
  outcome,
  waitedMs: ms,
  readyMs: v.optional(ms),
  failures: v.array(failure),
  tests: v.array(test),
  workers: texts,
  events: v.array(event),
});

const worker = v.object({
  id: v.string(),
  name: v.string(),
  shard: v.optional(v.string()),
  scope: v.picklist(['file', 'run', 'elsewhere']),
  files: texts,
  command: v.optional(texts),
  cwd: v.optional(v.string()),
  states: v.array(
    v.object({
      state: v.picklist(['starting', 'ready', 'stopping', 'ended', 'failed', 'restarting']),
      fromMs: ms,
      toMs: ms,
      detail: v.optional(v.string()),
    }),
  ),
  probes: v.array(
    v.object({
      probe: v.string(),
      answer: v.picklist(['ready', 'pending', 'fatal']),
      why: v.optional(v.string()),
      atMs: ms,
    }),
  ),
  events: v.array(event),
  logPaths: v.object({ stdout: v.string(), stderr: v.string() }),
});

const slice = v.object({
  worker: v.string(),
  stream: v.picklist(['stdout', 'stderr']),
  test: v.optional(v.string()),
  fromMs: ms,
  toMs: ms,
  text: v.string(),
  lines: v.number(),
  leftOut: v.number(),
});

const span = v.object({
  worker: v.string(),
  trace: v.string(),
  id: v.string(),
  parent: v.optional(v.string()),
  test: v.optional(v.string()),
  name: v.string(),
  kind: v.optional(v.string()),
  fromMs: ms,
  toMs: ms,
  isBad: v.optional(v.boolean()),
  message: v.optional(v.string()),
  attributes: v.array(v.tuple([v.string(), v.string()])),
});

const schema = v.object({
  version: v.literal(modelVersion),
  title: v.string(),
  startedAtMs: v.pipe(ms, v.minValue(0), v.maxValue(8.64e15)),
  durationMs: ms,
  shards: texts,
  files: v.array(file),
  workers: v.array(worker),
  logs: v.array(slice),
  spans: v.optional(v.array(span)),
  notes: texts,
});

/** A report may come from another machine: nothing in it is taken for granted. */
export function isRunModel(value: unknown): value is RunModel {
  return v.is(schema, value);
}
