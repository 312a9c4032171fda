import type { Secrets } from '../launch/secrets.ts';
import { describeTruncation } from '../process/describe-log-fault.ts';
import { followLog } from '../process/follow-log.ts';
import type { LogFile } from '../process/log-file.ts';
import type { LogFiles } from '../process/open-log-files.ts';

/** Copies what a worker writes to the console, whole lines, each behind its name; reading the files, behind the writer. Unlike the files, it shows no secret. */
export function echoLogs(worker: string, logs: LogFiles, secrets: Secrets): { close(): void } {
  const say = (line: string) => process.stderr.write(`[${worker}] ${secrets.mask(line)}\n`);
  const closers = [logs.stdout, logs.stderr].map(file => echoLog(file, say));
  return {
    close() {
      for (const close of closers) close();
    },
  };
}

/** A console that is slower than the worker is waited for, and loses lines rather than filling Jest's memory. */
function echoLog(file: LogFile, say: (line: string) => void): () => void {
  const lines = new LineSplitter(say);
  const follower = followLog(file, file.mark(0), {
    onPiece(piece) {
      if (piece.kind === 'text') return lines.push(piece.text);
      lines.flush();
      say(`(${describeTruncation(file, piece.truncation)})`);
    },
    onSkipped(bytes) {
      lines.flush();
      say(`(${bytes} bytes are left out here, they are in ${file.path})`);
    },
    isBusy: () => process.stderr.writableNeedDrain,
  });
  return () => {
    follower.close();
    lines.flush();
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
