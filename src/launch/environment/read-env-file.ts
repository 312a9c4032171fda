import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { launchError } from '../launch-error.ts';
import { decodeEnvFile } from './decode-env-file.ts';
import type { EnvFileContext } from './env-file-context.ts';
import { envFileMissing } from './env-file-missing.ts';
import { type EnvFileMistake, type EnvFileVariable, parseEnvFile } from './parse-env-file.ts';

/** An env file as it was read; its variables are not yet expanded. */
export interface EnvFile {
  /** Absolute. */
  readonly file: string;
  readonly variables: readonly EnvFileVariable[];
}

const largest = 256 * 1024;

/** Reads an env file by its path from the worker's cwd. @throws LiveWorkerError ENV_FILE_INVALID */
export function readEnvFile(asked: string, context: EnvFileContext): EnvFile {
  const file = resolve(context.cwd, asked);
  const bytes = readBytes(file);
  if (bytes === 'does not exist') throw envFileMissing(asked, file, context);
  if (typeof bytes === 'string') throw envFileUnreadable(context.worker, file, bytes);
  const text = decodeEnvFile(bytes);
  if (typeof text !== 'string') throw envFileMalformed(context.worker, file, [text]);
  const { variables, mistakes } = parseEnvFile(text);
  if (mistakes.length > 0) throw envFileMalformed(context.worker, file, mistakes);
  return { file, variables };
}

/** The error for lines that cannot be used: the first leads, up to five follow. */
export function envFileMalformed(
  worker: string,
  file: string,
  mistakes: readonly EnvFileMistake[],
  next?: string,
): LiveWorkerError {
  const [first, ...others] = mistakes.map(mistake => `line ${mistake.line}: ${mistake.what}`);
  const option = `workers.${worker}.envFile`;
  return launchError('ENV_FILE_INVALID', worker, {
    what: `env file "${file}", ${first}`,
    tried: others.length > 5 ? [...others.slice(0, 5), `and ${others.length - 5} more`] : others,
    next: next ?? `Correct the file, or leave it out of ${option}`,
    details: { option, file, mistakes: mistakes.slice(0, 100) },
  });
}

/** The content, or what is wrong with the file. */
function readBytes(file: string): Buffer | string {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return 'is a directory';
    if (!stats.isFile()) return 'is not a regular file';
    if (stats.size > largest) return `has ${stats.size} bytes, more than the ${largest} an env file may have`;
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
    return code === 'EACCES' ? 'may not be read by this user' : `cannot be read: ${code}`;
  }
}

function envFileUnreadable(worker: string, file: string, what: string): LiveWorkerError {
  const option = `workers.${worker}.envFile`;
  return launchError('ENV_FILE_INVALID', worker, {
    what: `env file "${file}" ${what}`,
    next: `Name a file that can be read in ${option}`,
    details: { option, file },
  });
}
