import { stripVTControlCharacters } from 'node:util';
import { LiveWorkerError } from '../errors.ts';
import { followLog } from '../process/follow-log.ts';
import { logSize } from '../process/open-log-files.ts';
import type { PatternSource } from '../spec/probe-options.ts';
import type { LogStream } from './contract.ts';
import type { SessionWorker } from './test-file-session.ts';

export interface LogWait {
  readonly pattern: PatternSource;
  readonly stream: LogStream;
  readonly timeoutMs: number;
}

/**
 * Resolves with the first line since the test began that holds the pattern. The line may still be growing.
 *
 * @throws WAIT_TIMEOUT with the last lines that were written instead.
 */
export function untilLogged(worker: SessionWorker, wait: LogWait): Promise<string> {
  const { files } = worker.view;
  const streams = wait.stream === 'both' ? (['stdout', 'stderr'] as const) : [wait.stream];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(notLogged(worker, wait))), wait.timeoutMs);
    const followers = streams.map(stream => followLog(files[stream], logSize(files[stream]), look));
    function look(): void {
      const line = findLine(worker, wait, streams);
      if (line !== undefined) settle(() => resolve(line));
    }
    function settle(how: () => void): void {
      clearTimeout(timer);
      how();
      setImmediate(() => {
        for (const follower of followers) follower.close();
      });
    }
    look();
  });
}

function findLine(
  worker: SessionWorker,
  { pattern }: LogWait,
  streams: readonly ('stdout' | 'stderr')[],
): string | undefined {
  const regExp = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  for (const stream of streams) {
    const text = stripVTControlCharacters(worker.view.text(stream, 'test'));
    const line = text.split(/\r?\n/).find(candidate => regExp.test(candidate));
    if (line !== undefined) return line;
  }
  return undefined;
}

function notLogged(worker: SessionWorker, { pattern, stream, timeoutMs }: LogWait): LiveWorkerError {
  const written = worker.view.text(stream, 'test').trimEnd();
  const lastLines =
    written === ''
      ? 'It wrote nothing since the test began'
      : `It wrote:\n${written.split('\n').slice(-10).join('\n')}`;
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    `Worker "${worker.spec.name}" wrote no line that matches /${pattern.source}/${pattern.flags} within ${Math.round(timeoutMs)} ms\n${lastLines}`,
    { details: { worker: worker.spec.name, timeoutMs } },
  );
}
