import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { isSameSpace, readPidSpace } from '../process/table/pid-space.ts';
import { identifyProcess, isAlive } from '../process/table/process-identity.ts';
import type { RunIdentity } from './run-identity.ts';

const fileName = 'run.ndjson';
const keeperName = 'keeper.ndjson';
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

/** Says that this process still uses the folder of a run that is over: workers it keeps write into it. */
export function writeKeeperRecord(folder: string): void {
  const { pid, startTime = 0 } = identifyProcess(process.pid);
  const record = { pid, startTime, ...readPidSpace() } satisfies v.InferOutput<typeof schema>;
  try {
    writeFileSync(join(folder, keeperName), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  } catch {
    // A full disk, or a folder that was deleted: what is in it cannot be lost then.
  }
}

/** `unknown` is what is not the folder of a run. A run of another machine or container is taken for alive for a day. */
export function readRunState(folder: string): 'alive' | 'over' | 'unknown' {
  const record = readRunRecord(folder, fileName);
  if (!record) return 'unknown';
  const keeper = readRunRecord(folder, keeperName);
  return isOwnerAlive(record, folder) || (keeper && isOwnerAlive(keeper, folder)) ? 'alive' : 'over';
}

function isOwnerAlive(record: v.InferOutput<typeof schema>, folder: string): boolean {
  const { pid, startTime } = record;
  return isSameSpace(record, readPidSpace())
    ? isAlive({ pid, startTime: startTime || undefined })
    : Date.now() - lstatSync(folder).mtimeMs < dayMs;
}

function readRunRecord(folder: string, name: string): v.InferOutput<typeof schema> | undefined {
  try {
    if (!lstatSync(folder).isDirectory()) return undefined;
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(join(folder, name), 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
