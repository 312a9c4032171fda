/** Gathers a few bytes of a stream that comes in any pieces; nothing is copied where one piece holds them all. */
export class Gatherer {
  /** Where the gathered bytes are, from `start` on; they are valid until the next `take`. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  isWhole = false;
  #scratch: Buffer = Buffer.alloc(16);
  #held = 0;

  /** Nothing is waited for. */
  get isEmpty(): boolean {
    return this.#held === 0;
  }

  /** Takes what is missing of `wanted` bytes; says where the rest of the piece begins. */
  take(piece: Buffer, at: number, wanted: number): number {
    if (this.#held === 0 && piece.length - at >= wanted) return this.#finish(piece, at, at + wanted);
    const end = Math.min(piece.length, at + wanted - this.#held);
    if (this.#scratch.length < wanted) this.#grow(wanted);
    piece.copy(this.#scratch, this.#held, at, end);
    this.#held += end - at;
    if (this.#held === wanted) return this.#finish(this.#scratch, 0, end);
    this.isWhole = false;
    return end;
  }

  #finish(bytes: Buffer, start: number, next: number): number {
    this.bytes = bytes;
    this.start = start;
    this.isWhole = true;
    this.#held = 0;
    return next;
  }

  #grow(size: number): void {
    const scratch = Buffer.alloc(size);
    this.#scratch.copy(scratch, 0, 0, this.#held);
    this.#scratch = scratch;
  }
}
