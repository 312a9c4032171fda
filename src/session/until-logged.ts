import { LiveWorkerError } from '../errors.ts';
import { watchLog } from '../process/watch-log.ts';
import type { PatternSource } from '../spec/probe-options.ts';
import type { LogStream } from './contract.ts';
import { LineSearch } from './line-search.ts';
import { streamsOf } from './log-view.ts';
import type { SessionWorker } from './session-worker.ts';
import type { Waits } from './waits.ts';

export interface LogWait {
  readonly pattern: PatternSource;
  readonly stream: LogStream;
  readonly timeoutMs: number;
  readonly waits: Waits;
  readonly scope: number;
}

/**
 * Resolves with the first line since the test began that holds the pattern. The line may still be growing. After the file's
 * end it neither resolves nor rejects.
 *
 * @throws WAIT_TIMEOUT with the last lines that were written instead; WORKER_EXITED.
 */
export function untilLogged(worker: SessionWorker, wait: LogWait): Promise<string> {
  const { view } = worker;
  const { waits, scope } = wait;
  const pattern = new RegExp(wait.pattern.source, wait.pattern.flags.replace(/[gy]/g, ''));
  const searches = streamsOf(wait.stream).map(name => new LineSearch(view.cursor(name, 'test'), pattern));
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const timer = setTimeout(() => {
      look();
      settle(() => reject(notLogged(worker, wait)));
    }, wait.timeoutMs).unref();
    const watchers = streamsOf(wait.stream).map(name => watchLog(view.files[name], look));
    const watch = waits.watch(look);
    function look(): void {
      if (isSettled) return;
      try {
        if (waits.isClosed) settle(() => {});
        else lookIntoLog();
      } catch (error) {
        settle(() => reject(error));
      }
    }
    function lookIntoLog(): void {
      for (const search of searches) {
        const line = search.look();
        if (line !== undefined) settle(() => resolve(line));
      }
      if (isSettled) return;
      const verdict = waits.verdictOn(worker, scope);
      if (verdict) settle(() => reject(verdict));
      else if (searches.some(search => search.hasMore)) setImmediate(look).unref();
    }
    /** The followers are let go of now: after the file's end their descriptors belong to somebody else. */
    function settle(how: () => void): void {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      watch.stop();
      for (const watcher of watchers) watcher.close();
      how();
    }
    look();
  });
}

function notLogged(worker: SessionWorker, { pattern, stream, timeoutMs }: LogWait): LiveWorkerError {
  const written = worker.view.text(stream, 'test').trimEnd();
  const lastLines =
    written === ''
      ? 'It wrote nothing since the test began'
      : `It wrote:\n${written.split('\n').slice(-10).join('\n')}`;
  const notes = worker.view.notes('test').map(note => `\n${note}`);
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    `Worker "${worker.spec.name}" wrote no line that matches /${pattern.source}/${pattern.flags} within ${Math.round(timeoutMs)} ms\n${lastLines}${notes.join('')}`,
    { details: { worker: worker.spec.name, timeoutMs } },
  );
}
