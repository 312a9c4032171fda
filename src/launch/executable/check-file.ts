import { accessSync, constants, readlinkSync, statSync } from 'node:fs';
import { isPresent } from '../../files/path-kind.ts';

/** Why the kernel would refuse a file, and what to do about it. */
export interface Refusal {
  readonly what: string;
  readonly next: string;
}

/** What is wrong with a program as a file; its content is not looked at. */
export function checkFile(file: string): Refusal | undefined {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return { what: 'is a directory', next: 'Name the program in it' };
    if (!stats.isFile()) return { what: 'is not a regular file', next: 'Name a program' };
    if (stats.size === 0) return { what: 'is empty', next: 'Write or build it again' };
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    return explainFailure(file, (error as NodeJS.ErrnoException).code);
  }
}

function explainFailure(file: string, code: string | undefined): Refusal {
  if (code === 'ENOENT' && isPresent(file)) {
    const what = `is a symbolic link to "${readlinkSync(file)}", which does not exist`;
    return { what, next: 'Create what it points to, or make the link anew' };
  }
  if (code === 'ENOENT') return { what: 'does not exist', next: 'Write or install it' };
  if (code !== 'EACCES') return { what: `cannot be used: ${code}`, next: 'Look at the file' };
  const mode = readMode(file);
  if (mode === undefined)
    return { what: 'lies in a folder this user may not enter', next: 'Change the mode of the folder' };
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  if ((mode & 0o111) === 0)
    return { what: `is not executable: its mode is ${octal}`, next: `Run chmod +x "${file}"` };
  const what = `may not be executed by this user: its mode is ${octal}, or its file system is mounted noexec`;
  return { what, next: 'Change its mode, or move it' };
}

function readMode(file: string): number | undefined {
  try {
    return statSync(file).mode;
  } catch {
    return undefined;
  }
}
