import { LiveWorkerError } from '../../errors.ts';
import { LineSearch } from '../../logs/line-search.ts';
import { streamsOf } from '../../logs/log-view.ts';
import { quoteLines } from '../../logs/quote-lines.ts';
import { watchLog } from '../../logs/watch-log.ts';
import type { PatternSource } from '../../options/probe-options.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import type { LogStream } from '../contract.ts';
import type { Waits } from './waits.ts';

export interface LogWait {
  readonly pattern: PatternSource;
  readonly stream: LogStream;
  readonly timeoutMs: number;
  readonly waits: Waits;
  readonly scope: number;
  readonly secrets: Secrets;
}

const linesShown = 10;
const longestLine = 300;
/** What is left of a long output is looked at for so long when the time is up; milliseconds, fewer than Jest's own timeout is away. */
const lastLookMs = 120;

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
      const until = performance.now() + lastLookMs;
      do look();
      while (!isSettled && searches.some(search => search.hasMore) && performance.now() < until);
      const unread = searches.filter(search => search.hasMore).map(search => search.behind());
      settle(() =>
        reject(
          notLogged(
            worker,
            wait,
            unread.reduce((sum, bytes) => sum + bytes, 0),
          ),
        ),
      );
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
        const line = search.next();
        if (line !== undefined) settle(() => resolve(line));
      }
      if (isSettled) return;
      const verdict = waits.verdictOn(worker, scope);
      if (verdict) settle(() => reject(verdict));
      else if (searches.some(search => search.hasMore)) setImmediate(look).unref();
    }
    /** The followers are let go of now: after the file's end their descriptors belong to other files. */
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

function notLogged(
  worker: SessionWorker,
  { pattern, stream, timeoutMs, secrets }: LogWait,
  unread: number,
): LiveWorkerError {
  const written = streamsOf(stream)
    .flatMap(name => quoteLines(worker.view.lastLines(name, 'test', linesShown), secrets))
    .slice(-linesShown)
    .map(line => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
  const lastLines =
    written.length === 0 ? 'It wrote nothing since the test began' : `It wrote:\n${written.join('\n')}`;
  const late = unread === 0 ? [] : [`${unread} bytes of it were not looked at in time`];
  const notes = [...late, ...worker.view.notes('test')].map(note => `\n${note}`);
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    `Worker "${worker.spec.name}" wrote no line that matches /${pattern.source}/${pattern.flags} within ${Math.round(timeoutMs)} ms\n${lastLines}${notes.join('')}`,
    { details: { worker: worker.spec.name, timeoutMs } },
  );
}
