import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './project.ts';

/** A line of a record of the last run. */
export interface RecordedEvent {
  /** Of a test file, or of a worker that is of more than one. */
  readonly folder: string;
  readonly event: string;
  readonly atMs: number;
  readonly id?: string;
}

/** All that the last run has recorded, in no order of the folders. */
export function readEvents({ folder }: Pick<Project, 'folder'>): readonly RecordedEvent[] {
  const latest = join(folder, '.live-worker', 'latest');
  return readdirSync(latest, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(({ name }) =>
      readFileSync(join(latest, name, 'events.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map(line => ({ folder: name, ...JSON.parse(line) }) as RecordedEvent),
    );
}
