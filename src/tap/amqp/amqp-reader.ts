import { Gatherer } from '../gatherer.ts';
import { NotUnderstood, notUnderstood } from '../not-understood.ts';
import type { AmqpEvent, Side } from './amqp-event.ts';
import { readContent, smallestContentHead } from './read-content.ts';
import { readMethod } from './read-method.ts';

const headerSize = 8;
const headSize = 7;
const frameEnd = 0xce;
/** Of a method, in bytes: what counts stands before its tables, and the properties of a client have less. */
const mostKept = 16_384;
const largestFrame = 0x7fff_ffff;
const frameTypes = { method: 1, contentHead: 2, body: 3, heartbeat: 8 } as const;
const typesThatAreThere = new Set<number>(Object.values(frameTypes));

type Phase = 'header' | 'head' | 'method' | 'content' | 'skip' | 'end';

/**
 * Reads one direction of an AMQP 0-9-1 connection from pieces cut anywhere. It looks at heads where they lie, and skips
 * contents by their length. Never throws: bytes it cannot read are one `not-understood`, and nothing is read behind them.
 *
 * Source: AMQP 0-9-1, section 2.3.
 */
export class AmqpReader {
  readonly #by: Side;
  readonly #gathered = new Gatherer();
  #phase: Phase;
  #type = 0;
  #channel = 0;
  /** Of the frame's payload, not yet seen. */
  #left = 0;
  #isStopped = false;

  constructor(by: Side) {
    this.#by = by;
    this.#phase = by === 'client' ? 'header' : 'head';
  }

  read(piece: Buffer): readonly AmqpEvent[] {
    const events: AmqpEvent[] = [];
    try {
      for (let at = 0; at < piece.length && !this.#isStopped; ) at = this.#step(piece, at, events);
    } catch (error) {
      this.stop();
      events.push(notUnderstood(error));
    }
    return events;
  }

  /** Reads nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** How many octets may pass before a frame begins, at the least; 0 where one begins with the next. */
  get step(): number {
    if (this.#phase === 'head' && this.#gathered.isEmpty) return 0;
    return this.#phase === 'skip' ? this.#left : 1;
  }

  #step(piece: Buffer, at: number, events: AmqpEvent[]): number {
    switch (this.#phase) {
      case 'header':
        return this.#readHeader(piece, at, events);
      case 'head':
        return this.#readHead(piece, at);
      case 'method':
        return this.#readMethod(piece, at, events);
      case 'content':
        return this.#readContent(piece, at, events);
      case 'skip':
        return this.#skip(piece, at);
      case 'end':
        return this.#readEnd(piece, at, events);
      default:
        return this.#phase satisfies never;
    }
  }

  #readHeader(piece: Buffer, at: number, events: AmqpEvent[]): number {
    const next = this.#gathered.take(piece, at, headerSize);
    if (!this.#gathered.isWhole) return next;
    const { bytes, start } = this.#gathered;
    if (bytes.toString('latin1', start, start + 4) !== 'AMQP')
      throw new NotUnderstood('no AMQP from its beginning; encrypted, it would be unreadable');
    const version = [...bytes.subarray(start + 5, start + headerSize)].join('-');
    if (version !== '0-9-1') throw new NotUnderstood(`AMQP ${version}`);
    events.push({ kind: 'protocol' });
    this.#phase = 'head';
    return next;
  }

  #readHead(piece: Buffer, at: number): number {
    const next = this.#gathered.take(piece, at, headSize);
    if (!this.#gathered.isWhole) return next;
    const { bytes, start } = this.#gathered;
    this.#type = bytes.readUInt8(start);
    this.#channel = bytes.readUInt16BE(start + 1);
    this.#left = bytes.readUInt32BE(start + 3);
    if (!typesThatAreThere.has(this.#type)) throw new NotUnderstood(`a frame of type ${this.#type}`);
    if (this.#left > largestFrame) throw new NotUnderstood(`a frame of ${this.#left} bytes`);
    if (this.#type === frameTypes.method && this.#left < 4)
      throw new NotUnderstood(`a method of ${this.#left} bytes`);
    if (this.#type === frameTypes.contentHead && this.#left < smallestContentHead)
      throw new NotUnderstood(`a content head of ${this.#left} bytes`);
    if (this.#type === frameTypes.method) this.#phase = 'method';
    else if (this.#type === frameTypes.contentHead) this.#phase = 'content';
    else this.#phase = this.#left === 0 ? 'end' : 'skip';
    return next;
  }

  #readMethod(piece: Buffer, at: number, events: AmqpEvent[]): number {
    const kept = Math.min(this.#left, mostKept);
    const next = this.#gathered.take(piece, at, kept);
    if (!this.#gathered.isWhole) return next;
    const { bytes, start } = this.#gathered;
    const event = readMethod({ bytes, start, end: start + kept, channel: this.#channel, by: this.#by });
    if (event) events.push(event);
    this.#left -= kept;
    this.#phase = this.#left === 0 ? 'end' : 'skip';
    return next;
  }

  #readContent(piece: Buffer, at: number, events: AmqpEvent[]): number {
    const kept = Math.min(this.#left, mostKept);
    const next = this.#gathered.take(piece, at, kept);
    if (!this.#gathered.isWhole) return next;
    const { bytes, start } = this.#gathered;
    const properties = readContent(bytes, start, start + kept);
    events.push({ kind: 'content', by: this.#by, channel: this.#channel, properties });
    this.#left -= kept;
    this.#phase = this.#left === 0 ? 'end' : 'skip';
    return next;
  }

  #skip(piece: Buffer, at: number): number {
    const skipped = Math.min(this.#left, piece.length - at);
    this.#left -= skipped;
    if (this.#left === 0) this.#phase = 'end';
    return at + skipped;
  }

  #readEnd(piece: Buffer, at: number, events: AmqpEvent[]): number {
    if (piece[at] !== frameEnd) throw new NotUnderstood(`a frame that ends with octet ${piece[at]}`);
    if (this.#type === frameTypes.heartbeat) events.push({ kind: 'heartbeat', by: this.#by });
    this.#phase = 'head';
    return at + 1;
  }
}
