import { Gatherer } from '../gatherer.ts';
import { NotUnderstood } from '../not-understood.ts';
import type { MessageBody } from './message-text.ts';

const headSize = 5;
/** Of a message, in bytes. */
const mostKept = 4_096;
const largestMessage = 0x7fff_ffff;

/** What is known of the messages of one side. */
export interface MessageTable {
  readonly tags: ReadonlySet<string>;
  /** Those whose beginning is handed over; of others the tag is enough. */
  readonly readTags: ReadonlySet<string>;
}

const noBody: MessageBody = { bytes: Buffer.alloc(0), start: 0, end: 0 };

/** Cuts the messages of one side, each a tag and a length, from pieces cut anywhere; contents are skipped by their length. */
export class MessageReader {
  readonly #table: MessageTable;
  readonly #gathered = new Gatherer();
  #phase: 'head' | 'body' | 'skip' = 'head';
  #tag = '';
  #left = 0;

  constructor(table: MessageTable) {
    this.#table = table;
  }

  /** Reads a part of the piece and says where the rest begins. @throws NotUnderstood */
  step(piece: Buffer, at: number, onMessage: (tag: string, body: MessageBody) => void): number {
    switch (this.#phase) {
      case 'head':
        return this.#readHead(piece, at, onMessage);
      case 'body':
        return this.#readBody(piece, at, onMessage);
      case 'skip':
        return this.#skip(piece, at);
      default:
        return this.#phase satisfies never;
    }
  }

  #readHead(piece: Buffer, at: number, onMessage: (tag: string, body: MessageBody) => void): number {
    const next = this.#gathered.take(piece, at, headSize);
    if (!this.#gathered.isWhole) return next;
    const { bytes, start } = this.#gathered;
    this.#tag = String.fromCharCode(bytes.readUInt8(start));
    const length = bytes.readUInt32BE(start + 1);
    if (!this.#table.tags.has(this.#tag))
      throw new NotUnderstood(`a message with the tag ${bytes.readUInt8(start)}`);
    if (length < 4 || length > largestMessage) throw new NotUnderstood(`a message of ${length} bytes`);
    this.#left = length - 4;
    if (this.#table.readTags.has(this.#tag) && this.#left > 0) this.#phase = 'body';
    else {
      onMessage(this.#tag, noBody);
      if (this.#left > 0) this.#phase = 'skip';
    }
    return next;
  }

  #readBody(piece: Buffer, at: number, onMessage: (tag: string, body: MessageBody) => void): number {
    const kept = Math.min(this.#left, mostKept);
    const next = this.#gathered.take(piece, at, kept);
    if (!this.#gathered.isWhole) return next;
    const { bytes, start } = this.#gathered;
    this.#left -= kept;
    this.#phase = this.#left === 0 ? 'head' : 'skip';
    onMessage(this.#tag, { bytes, start, end: start + kept });
    return next;
  }

  #skip(piece: Buffer, at: number): number {
    const skipped = Math.min(this.#left, piece.length - at);
    this.#left -= skipped;
    if (this.#left === 0) this.#phase = 'head';
    return at + skipped;
  }
}
