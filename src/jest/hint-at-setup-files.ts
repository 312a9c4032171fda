import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { isLiveWorkerError, LiveWorkerError } from '../errors.ts';

/** Which files Jest runs in the sandbox before a test file; as paths, of `setupFiles` and `setupFilesAfterEnv`. */
export interface SetupFiles {
  readonly rootDir: string;
  readonly setupFiles: readonly string[];
}

/** Tells of a variable that is missing that a setup file cannot give it to the worker: it changes the `process.env` of the sandbox, and runs later. */
export function hintAtSetupFiles(error: unknown, { rootDir, setupFiles }: SetupFiles): unknown {
  if (!isLiveWorkerError(error) || error.code !== 'ENV_MISSING' || setupFiles.length === 0) return error;
  const names = namesIn(error);
  const setting = setupFiles.find(file => setsOne(file, names));
  const file = relative(rootDir, setting ?? setupFiles[0] ?? '');
  const subject =
    setting === undefined
      ? `What a file of setupFiles sets, such as "${file}", does not reach a worker`
      : `"${file}" of setupFiles may set it, but that does not reach a worker`;
  const message = `${error.message}\n${subject}: it runs later, with a process.env of its own; set it in globalSetup, an env file or env`;
  return new LiveWorkerError(error.code, message, { details: error.details, cause: error.cause });
}

function namesIn({ details: { names, name, variables } }: LiveWorkerError): readonly string[] {
  return [names, name, variables].flat().filter(one => typeof one === 'string');
}

/** By the name in its text, or by dotenv, which hides all of them. */
function setsOne(file: string, names: readonly string[]): boolean {
  const text = `${file}\n${readText(file)}`;
  return /\bdotenv\b/.test(text) || names.some(name => text.includes(name));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
