import { StringDecoder } from 'node:string_decoder';
import type { LogFile, LogMark, LogTruncation } from './log-file.ts';

const mostBytes = 1024 * 1024;

/** What comes next in a log: text, or that what would have come was truncated and reading begins anew. */
export type LogChunk =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'truncated'; readonly truncation: LogTruncation };

/** Reads a log from a mark on, chunk by chunk, however long it gets; characters between the chunks stay whole. */
export class LogCursor {
  readonly #file: LogFile;
  readonly #chunkBytes: number;
  #mark: LogMark;
  /** What was read of the file; the mark may stand a cut character before it. */
  #position: number;
  #decoder = new StringDecoder('utf8');

  /** @param chunkBytes what a text is at most; 1 MiB */
  constructor(file: LogFile, mark: LogMark, chunkBytes = mostBytes) {
    this.#file = file;
    this.#chunkBytes = chunkBytes;
    this.#mark = mark;
    this.#position = mark.offset;
  }

  /** Undefined at the end of what there is. */
  next(): LogChunk | undefined {
    const truncation = this.#file.truncatedSince(this.#mark);
    if (truncation) return this.#beginAnew(truncation);
    const end = Math.min(this.#file.size(), this.#position + this.#chunkBytes);
    const bytes = this.#file.read(this.#position, end);
    if (bytes.length === 0) return undefined;
    this.#moveTo(this.#position + bytes.length);
    return { kind: 'text', text: this.#decoder.write(bytes) };
  }

  /** How many bytes are still to be read. */
  behind(): number {
    return this.#file.size() - this.#position;
  }

  /** Leaves out all but the last `bytes`; says how many were left out. */
  skipTo(bytes: number): number {
    const skipped = Math.max(0, this.behind() - bytes);
    if (skipped === 0) return 0;
    this.#decoder = new StringDecoder('utf8');
    this.#moveTo(this.#position + skipped);
    return skipped;
  }

  #beginAnew(truncation: LogTruncation): LogChunk {
    this.#decoder = new StringDecoder('utf8');
    this.#moveTo(0);
    return { kind: 'truncated', truncation };
  }

  #moveTo(position: number): void {
    this.#position = position;
    this.#mark = this.#file.mark(position);
  }
}
