import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../../secrets/secrets.ts';
import { toJson } from '../../text/to-json.ts';
import { listTimelines } from './list-timelines.ts';

/** A file that failed before Jest had a test of it: a syntax error, a module that is missing. */
export interface FailedFile {
  readonly testPath: string;
  readonly text: string;
}

const longest = 16_000;

/** The environment of such a file never hears of it, so Jest's reporter writes it into the record of the file. */
export function noteFailedFiles(runFolder: string, failed: readonly FailedFile[], secrets: Secrets): void {
  if (failed.length === 0) return;
  const { folders } = listTimelines(runFolder);
  for (const { testPath, text } of failed) {
    const record = folders.findLast(({ events }) =>
      events.some(({ event, fields }) => event === 'session.opened' && fields.testPath === testPath),
    );
    if (!record || record.events.some(({ event }) => event === 'file.failed')) continue;
    const atMs = performance.timeOrigin + performance.now();
    const line = { atMs, event: 'file.failed', failures: [secrets.mask(text).slice(0, longest)] };
    appendFileSync(join(record.folder, 'events.ndjson'), `${toJson(line)}\n`);
  }
}
