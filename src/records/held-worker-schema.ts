import * as v from 'valibot';
import type { HeldWorker } from './held-worker.ts';

const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const identity = { pid: v.pipe(number, v.minValue(1)), startTime: v.optional(number) };

const schema = v.looseObject({
  worker: v.string(),
  id: v.string(),
  owner: v.looseObject({ ...identity, boot: v.string(), namespace: v.string() }),
  leader: v.optional(v.looseObject(identity)),
  logPaths: v.looseObject({ stdout: v.string(), stderr: v.string() }),
  launchPath: v.string(),
  env: v.array(v.string()),
  readyAtMs: v.optional(v.number()),
});

export function isHeldWorker(value: unknown): value is HeldWorker {
  return v.is(schema, value);
}
