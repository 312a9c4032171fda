import { readlinkSync } from 'node:fs';

/** The files behind a process's stdout and stderr, as far as they are files and it may be looked at. */
export function standardOutputOf(pid: number): readonly string[] {
  return [1, 2].flatMap(descriptor => {
    try {
      const path = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      return path.startsWith('/') ? [path.replace(/ \(deleted\)$/, '')] : [];
    } catch {
      return [];
    }
  });
}
