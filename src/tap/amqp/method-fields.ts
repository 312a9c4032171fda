import { NotUnderstood } from '../not-understood.ts';

/** The fields of a method, one after the other, read where they lie. */
export class MethodFields {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next field begins. */
  get at(): number {
    return this.#at;
  }

  octet(): number {
    return this.#bytes.readUInt8(this.#step(1));
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#step(2));
  }

  long(): number {
    return this.#bytes.readUInt32BE(this.#step(4));
  }

  /** Exact up to 2^53, beyond which no delivery tag of a test gets. */
  longLong(): number {
    return this.long() * 2 ** 32 + this.long();
  }

  /** A signed number of 1, 2, 4 or 8 octets; exact up to 2^53. */
  integer(size: number): number {
    const start = this.#step(size);
    return size === 8 ? Number(this.#bytes.readBigInt64BE(start)) : this.#bytes.readIntBE(start, size);
  }

  shortText(): string {
    return this.text(this.octet());
  }

  text(length: number): string {
    const start = this.#step(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  /** A table or a long text, whatever is in it. */
  skipLong(): void {
    this.#step(this.long());
  }

  skip(length: number): void {
    this.#step(length);
  }

  notUnderstood(why: string): NotUnderstood {
    return new NotUnderstood(why);
  }

  #step(length: number): number {
    const start = this.#at;
    if (start + length > this.#end) throw new NotUnderstood('a method that is shorter than its fields');
    this.#at = start + length;
    return start;
  }
}
