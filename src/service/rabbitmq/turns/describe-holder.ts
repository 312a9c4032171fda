import { hostname } from 'node:os';
import type { TurnNote } from './turn-notes.ts';

const runTitle = /^live-worker run (.+)$/;

/** Who waits, and for what. */
export interface WaitingFile {
  readonly testPath: string;
  /** The project's own folder. */
  readonly folder: string;
  /** Its workers that are to use the queue. */
  readonly workers: readonly string[];
}

/** `live-worker run` holds a turn until it is stopped in its terminal. */
export function isHeldByRun(note: TurnNote | undefined): boolean {
  return note !== undefined && runTitle.test(note.testPath);
}

/** Which file or command has the turn, and what the user can do where it does not end by itself. */
export function describeHolder(note: TurnNote | undefined, waiting: WaitingFile): string {
  if (!note)
    return `another project or machine uses it${attachAdvice('; where that is a live-worker run,', waiting)}`;
  const where = [
    note.folder === waiting.folder ? '' : ` of ${note.folder}`,
    note.host === hostname() ? '' : ` on ${note.host}`,
  ].join('');
  const who = `${note.testPath}${where} (pid ${note.pid}, since ${localTime(note.sinceMs)}) uses it`;
  if (!isHeldByRun(note)) return who;
  return `${who} until it is stopped: with Ctrl-C, or kill ${note.pid}${attachAdvice('. Or', waiting)}`;
}

/** Another `live-worker run` wants a worker of its own. */
function attachAdvice(when: string, { testPath, workers }: WaitingFile): string {
  if (runTitle.test(testPath) || workers.length === 0) return '';
  return `${when} test against its worker: LIVE_WORKER_ATTACH=${workers.join(',')} npx jest`;
}

function localTime(atMs: number): string {
  return new Date(atMs).toLocaleString('sv-SE');
}
