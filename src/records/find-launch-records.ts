import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listNames } from '../files/list-names.ts';
import type { LaunchRecord } from '../launch/launch-record.ts';
import { isLaunchRecord } from './launch-record-schema.ts';

const suffix = '.launch.ndjson';

/** The record of a launch with its file. */
export interface LaunchRecordFile {
  /** Absolute. */
  readonly path: string;
  readonly record: LaunchRecord;
  readonly writtenMs: number;
}

/** The launches of the newest run, the newest first; of one worker when a name is given. */
export function findLaunchRecords(rootDir: string, worker?: string): readonly LaunchRecordFile[] {
  return listLaunchRecords(rootDir, worker)
    .flatMap(path => readLaunchRecord(path) ?? [])
    .sort((one, other) => other.writtenMs - one.writtenMs);
}

/** The paths of the same, those that cannot be read included. */
export function listLaunchRecords(rootDir: string, worker?: string): readonly string[] {
  const latest = resolveLink(join(rootDir, '.live-worker', 'latest'));
  if (latest === undefined) return [];
  return listNames(latest)
    .flatMap(testFile => listNames(join(latest, testFile)).map(name => join(latest, testFile, name)))
    .filter(path => path.endsWith(suffix))
    .filter(path => worker === undefined || basename(path, suffix) === worker);
}

/** Undefined when it is not there or no record of a launch. */
export function readLaunchRecord(path: string): LaunchRecordFile | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isLaunchRecord(record)) return undefined;
    return { path, record, writtenMs: statSync(path).mtimeMs };
  } catch {
    return undefined;
  }
}

function resolveLink(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
