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
  /** Those whose beginning is handed over. */
  readonly readTags: ReadonlySet<string>;
  /** Those of which the tag is enough; the others say nothing. */
  readonly toldTags: ReadonlySet<string>;
}

type OnMessage = (tag: string, body: MessageBody) => void;

const noBody: MessageBody = { bytes: Buffer.alloc(0), start: 0, end: 0 };

/** Cuts the messages of one side, each a tag and a length, from pieces cut anywhere; contents are skipped by their length. */
export class MessageReader {
  readonly #table: MessageTable;
  readonly #gathered = new Gatherer();
  /** By tag: 1 for those that say nothing. */
  readonly #silent = new Uint8Array(256);
  #phase: 'head' | 'body' | 'skip' = 'head';
  #tag = '';
  #left = 0;

  constructor(table: MessageTable) {
    this.#table = table;
    for (const tag of table.tags)
      if (!table.readTags.has(tag) && !table.toldTags.has(tag)) this.#silent[tag.charCodeAt(0)] = 1;
  }

  /** How many octets may pass before a message begins, at the least; 0 where one begins with the next. */
  get step(): number {
    if (this.#phase === 'head' && this.#gathered.isEmpty) return 0;
    return this.#phase === 'skip' ? this.#left : 1;
  }

  /** Reads a part of the piece and says where the rest begins. @throws NotUnderstood */
  readPart(piece: Buffer, at: number, onMessage: OnMessage): number {
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

  #readHead(piece: Buffer, at: number, onMessage: OnMessage): number {
    const from = this.#gathered.isEmpty ? this.#passSilent(piece, at) : at;
    if (from === piece.length) return from;
    const next = this.#gathered.take(piece, from, headSize);
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
      if (this.#table.toldTags.has(this.#tag)) onMessage(this.#tag, noBody);
      if (this.#left > 0) this.#phase = 'skip';
    }
    return next;
  }

  /** Millions of rows come here: whole ones are passed without a call for each. */
  #passSilent(piece: Buffer, from: number): number {
    let at = from;
    while (piece.length - at >= headSize && this.#silent[piece[at] as number] === 1) {
      const length =
        ((piece[at + 1] as number) << 24) |
        ((piece[at + 2] as number) << 16) |
        ((piece[at + 3] as number) << 8) |
        (piece[at + 4] as number);
      if (length < 4 || length > piece.length - at - 1) break;
      at += length + 1;
    }
    return at;
  }

  #readBody(piece: Buffer, at: number, onMessage: OnMessage): number {
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
