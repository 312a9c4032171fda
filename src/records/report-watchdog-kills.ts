import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { WatchdogRecord } from './watched-launch.ts';

const schema = v.looseObject({ worker: v.string(), pids: v.array(v.number()) });

/** Says once, in the next run, that an earlier one was cut off and what its watchdog had to end then. */
export function reportWatchdogKills(runFolders: readonly string[]): void {
  const ended = runFolders.flatMap(takeRecord);
  if (ended.length === 0) return;
  const count = ended.reduce((sum, { pids }) => sum + pids.length, 0);
  const workers = [...new Set(ended.map(({ worker }) => `"${worker}"`))].join(', ');
  const processes = count === 1 ? '1 process' : `${count} processes`;
  process.stderr.write(
    `live-worker: Jest or its supervisor was cut off in an earlier run; a watchdog ended ${processes} of ${workers}\n`,
  );
}

/** The rename decides which of several Jests tells it. */
function takeRecord(runFolder: string): readonly Pick<WatchdogRecord, 'worker' | 'pids'>[] {
  try {
    const told = join(runFolder, 'watchdog.told.ndjson');
    renameSync(join(runFolder, 'watchdog.ndjson'), told);
    const lines = readFileSync(told, 'utf8').trimEnd().split('\n');
    return lines.flatMap(parseLine);
  } catch {
    return [];
  }
}

/** A watchdog that was killed may have left half a line. */
function parseLine(line: string): readonly Pick<WatchdogRecord, 'worker' | 'pids'>[] {
  try {
    const ended: unknown = JSON.parse(line);
    return v.is(schema, ended) ? [ended] : [];
  } catch {
    return [];
  }
}
