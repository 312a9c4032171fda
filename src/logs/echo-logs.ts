import type { Secrets } from '../secrets/secrets.ts';
import { describeTruncation } from './describe-log-fault.ts';
import { followLog, type LogFollower, type LogListener } from './follow-log.ts';
import type { LogFile } from './log-file.ts';
import type { LogFiles } from './open-log-files.ts';

const longestShown = 64 * 1024;
const longestKept = 80 * 1024;
const mostKeyLines = 100;

/** Where lines are shown. */
export interface EchoTerminal {
  write(text: string): void;
  readonly isBusy: boolean;
}

export interface EchoOptions {
  /** Default: stderr of this process. */
  readonly terminal?: EchoTerminal;
  readonly chunkBytes?: number;
}

const ownTerminal: EchoTerminal = {
  write: text => void process.stderr.write(text),
  get isBusy() {
    return process.stderr.writableNeedDrain;
  },
};

/** Copies what a worker writes to the console, whole lines, each behind its name; reading the files, behind the writer. Unlike the files, it shows no secret and nothing but text and its colours. */
export function echoLogs(
  worker: string,
  logs: LogFiles,
  secrets: Secrets,
  { terminal = ownTerminal, ...pace }: EchoOptions = {},
): LogFollower {
  const write = (line: string) => terminal.write(`[${worker}] ${shorten(line)}\n`);
  const followers = [logs.stdout, logs.stderr].map(file => {
    const keys = new KeyHider();
    const say = (line: string) => write(keys.hide(inColours(secrets.show(line))));
    return echoLog(file, say, { ...pace, isBusy: () => terminal.isBusy });
  });
  const all = (step: keyof LogFollower) => () => followers.forEach(follower => void follower[step]());
  return { handOver: all('handOver'), close: all('close'), abandon: all('abandon') };
}

/** A console that is slower than the worker is waited for, and loses lines rather than filling Jest's memory. */
function echoLog(
  file: LogFile,
  say: (line: string) => void,
  pace: Pick<LogListener, 'isBusy' | 'chunkBytes'>,
): LogFollower {
  const lines = new LineSplitter(say);
  const follower = followLog(file, file.mark(0), {
    onChunk(chunk) {
      if (chunk.kind === 'text') return lines.push(chunk.text);
      lines.flush();
      say(`(${describeTruncation(file, chunk.truncation)})`);
    },
    onSkipped(bytes) {
      lines.flush();
      say(`(${bytes} bytes are left out here, they are in ${file.path})`);
    },
    ...pace,
  });
  return {
    ...follower,
    close() {
      follower.close();
      lines.flush();
    },
  };
}

/** Its colours end with the line. */
function inColours(line: string): string {
  return line.includes('\x1b[') ? `${line}\x1b[0m` : line;
}

function shorten(line: string): string {
  return line.length > longestShown ? `${line.slice(0, longestShown)}… (the line goes on in its log)` : line;
}

/** Keeps the end of a chunk until its line is complete; of one without end no more than can be masked before it is cut. */
class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const lines = text.split('\n');
    const end = lines.pop() ?? '';
    for (const line of lines) {
      this.#onLine(this.#complete(line).replace(/\r$/, ''));
      this.#rest = '';
    }
    this.#rest = this.#complete(end);
  }

  flush(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }

  #complete(text: string): string {
    return (this.#rest + text.slice(0, longestKept)).slice(0, longestKept);
  }
}

/** A private key that is no known secret comes line by line. */
class KeyHider {
  #left = 0;

  hide(line: string): string {
    const begins = /-----BEGIN [^-]*PRIVATE[^-]*-----/.test(line);
    const isInside = this.#left > 0;
    this.#left = /-----END /.test(line) ? 0 : begins ? mostKeyLines : Math.max(0, this.#left - 1);
    return isInside && !begins ? '***' : line;
  }
}
