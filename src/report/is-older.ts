import { statSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../files/list-names.ts';

/** True where the report is not there, or the records of its run went on after it was written. */
export function isOlder(reportPath: string, runFolder: string): boolean {
  const writtenMs = changedMs(reportPath);
  if (writtenMs === undefined) return true;
  return listNames(runFolder).some(
    name => (changedMs(join(runFolder, name, 'events.ndjson')) ?? 0) > writtenMs,
  );
}

/** Undefined for what is not there, or cannot be looked at. */
function changedMs(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
