import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../../files/list-names.ts';

/** A Python that a worker ran. */
export interface Interpreter {
  readonly pid: number;
  readonly executable: string;
  /** The folder its coverage.py is imported from; undefined where it has none. */
  readonly packages: string | undefined;
}

const noteName = /^(\d+)\.interpreter\.json$/;

/** The Pythons of a worker, by what each of them wrote when it began. */
export function readInterpreters(folder: string): readonly Interpreter[] {
  return listNames(folder).flatMap(name => {
    const [, pid] = noteName.exec(name) ?? [];
    return pid === undefined ? [] : readNote(join(folder, name), Number(pid));
  });
}

function readNote(path: string, pid: number): readonly Interpreter[] {
  try {
    const { executable, packages } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    if (typeof executable !== 'string') return [];
    return [{ pid, executable, packages: typeof packages === 'string' ? packages : undefined }];
  } catch {
    // It was ended while it wrote.
    return [];
  }
}
