import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { listNames } from '../files/list-names.ts';
import { isSameSpace, readPidSpace } from '../process/table/pid-space.ts';
import { identifyProcess, isAlive } from '../process/table/process-identity.ts';
import { toJson } from '../text/to-json.ts';
import type { HeldWorker } from './held-worker.ts';
import { isHeldWorker } from './held-worker-schema.ts';

/** The record `live-worker run` keeps of its own worker. */
export interface HeldRecord {
  update(held: Omit<HeldWorker, 'worker' | 'owner'>): void;
  release(): void;
}

export function openHeldRecord(rootDir: string, worker: string): HeldRecord {
  const path = recordPath(rootDir, worker);
  const owner = { ...identifyProcess(process.pid), ...readPidSpace() };
  return {
    update(held) {
      mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, `${toJson({ worker, owner, ...held } satisfies HeldWorker)}\n`, {
        mode: 0o600,
      });
      renameSync(draft, path);
    },
    release() {
      if (isDeepStrictEqual(readRecord(path)?.owner, owner)) rmSync(path, { force: true });
    },
  };
}

/** Undefined when no living `live-worker run` holds it. */
export function findHeldWorker(rootDir: string, worker: string): HeldWorker | undefined {
  const held = readRecord(recordPath(rootDir, worker));
  if (!held || !isSameSpace(held.owner, readPidSpace())) return undefined;
  return isAlive(held.owner) ? held : undefined;
}

/** Every worker that a living `live-worker run` holds. */
export function listHeldWorkers(rootDir: string): readonly HeldWorker[] {
  return listNames(heldFolder(rootDir)).flatMap(name => {
    const worker = /^(.+)\.ndjson$/.exec(name)?.[1];
    return (worker && findHeldWorker(rootDir, worker)) || [];
  });
}

function recordPath(rootDir: string, worker: string): string {
  return join(heldFolder(rootDir), `${worker}.ndjson`);
}

function heldFolder(rootDir: string): string {
  return join(rootDir, '.live-worker', 'held');
}

function readRecord(path: string): HeldWorker | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isHeldWorker(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
