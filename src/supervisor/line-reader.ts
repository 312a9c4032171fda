/** The environment of a process goes over in one line, and may be some megabytes. */
const mostBytes = 16 * 1024 * 1024;
const lineFeed = 0x0a;

/** What is wrong with the bytes of a peer; nothing after it can be read. */
export class UnreadableLine extends Error {}

/** Puts lines together from the chunks they come in, however they were split. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #mostBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(onLine: (line: string) => void, limit = mostBytes) {
    this.#onLine = onLine;
    this.#mostBytes = limit;
  }

  /** @throws UnreadableLine when a line is too long or no UTF-8. */
  read(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(lineFeed, start);
      if (end === -1) break;
      this.#keep(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (this.#length > this.#mostBytes)
      throw new UnreadableLine(`a line of more than ${this.#mostBytes} bytes`);
    this.#pieces.push(piece);
  }

  /** A character may begin in one chunk and end in the next one, so bytes are joined first. */
  #finish(): void {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    this.#onLine(this.#decode(bytes));
  }

  #decode(bytes: Buffer): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw new UnreadableLine('a line that is no UTF-8');
    }
  }
}
