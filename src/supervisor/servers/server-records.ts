import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { listNames } from '../../files/list-names.ts';
import { readPidSpace } from '../../process/table/pid-space.ts';
import { identifyProcess } from '../../process/table/process-identity.ts';
import { isServerFolder } from '../../server/running/server-folder.ts';
import { isServerRecord, serverRecordName } from './server-record-name.ts';

const schema = v.object({
  folder: v.string(),
  ids: v.array(v.string()),
  removal: v.optional(
    v.object({
      command: v.tupleWithRest([v.string()], v.string()),
      environment: v.record(v.string(), v.string()),
    }),
  ),
  owner: v.object({ pid: v.number(), startTime: v.number(), boot: v.string(), namespace: v.string() }),
});

/** A server as a later run is told of it: what it has to undo where this one could not. */
export type ServerRecord = v.InferOutput<typeof schema>;

export interface ServerRecordFile {
  readonly path: string;
  readonly record: ServerRecord;
}

/** In the folder of the sockets, into which nobody else gets. */
export function serverRecordPath(socketFolder: string, serverFolder: string): string {
  return join(socketFolder, serverRecordName(serverFolder));
}

export function writeServerRecord(path: string, record: Omit<ServerRecord, 'owner'>): void {
  const { pid, startTime = 0 } = identifyProcess(process.pid);
  const owner = { pid, startTime, ...readPidSpace() };
  writeFileSync(path, JSON.stringify({ ...record, owner } satisfies ServerRecord), { mode: 0o600 });
}

/** One that cannot be read, or names what no server has, says nothing. */
export function listServerRecords(socketFolder: string): readonly ServerRecordFile[] {
  return listNames(socketFolder)
    .filter(isServerRecord)
    .flatMap(name => {
      const path = join(socketFolder, name);
      const record = readRecord(path);
      if (!record) rmSync(path, { force: true });
      return record ? [{ path, record }] : [];
    });
}

function readRecord(path: string): ServerRecord | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success && isOurs(parsed.output.folder) ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

function isOurs(folder: string): boolean {
  return isServerFolder(folder) && ['/tmp', resolve(tmpdir())].includes(dirname(folder));
}
