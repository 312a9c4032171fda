import { followLog } from '../process/follow-log.ts';
import type { LogFiles } from '../process/open-log-files.ts';

/** Copies what a worker writes to the console, whole lines, each behind its name; reading the files, behind the writer. */
export function echoLogs(worker: string, logs: LogFiles): { close(): void } {
  const followers = [logs.stdout, logs.stderr].map(file => {
    const lines = new LineSplitter(line => process.stderr.write(`[${worker}] ${line}\n`));
    const follower = followLog(file, 0, text => lines.push(text));
    return () => {
      follower.close();
      lines.flush();
    };
  });
  return {
    close() {
      for (const close of followers) close();
    },
  };
}

/** Keeps the end of a chunk until its line is complete. */
class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line.replace(/\r$/, ''));
  }

  flush(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }
}
