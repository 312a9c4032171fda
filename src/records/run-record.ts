import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { isSameSpace, readPidSpace } from '../process/table/pid-space.ts';
import { isAlive } from '../process/table/process-identity.ts';
import type { RunIdentity } from './run-identity.ts';

const fileName = 'run.json';
const dayMs = 24 * 60 * 60 * 1_000;

const schema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  startTime: v.pipe(v.number(), v.integer(), v.minValue(0)),
  boot: v.string(),
  namespace: v.string(),
});

/** Says in the folder of a run whose it is; a folder without it is not ours. */
export function writeRunRecord(folder: string, { pid, startTime, space }: RunIdentity): void {
  const record = { pid, startTime, ...space } satisfies v.InferOutput<typeof schema>;
  writeFileSync(join(folder, fileName), `${JSON.stringify(record)}\n`, { mode: 0o600, flag: 'wx' });
}

/** `unknown` is what is not the folder of a run. A run of another machine or container is taken for alive for a day. */
export function readRunState(folder: string): 'alive' | 'over' | 'unknown' {
  const record = readRunRecord(folder);
  if (!record) return 'unknown';
  const { pid, startTime } = record;
  const lives = isSameSpace(record, readPidSpace())
    ? isAlive({ pid, startTime: startTime || undefined })
    : Date.now() - lstatSync(folder).mtimeMs < dayMs;
  return lives ? 'alive' : 'over';
}

function readRunRecord(folder: string): v.InferOutput<typeof schema> | undefined {
  try {
    if (!lstatSync(folder).isDirectory()) return undefined;
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(join(folder, fileName), 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
