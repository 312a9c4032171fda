/** A frame, or a message, or a part of one: what is decided on together. */
export interface Unit {
  readonly bytes: Buffer;
  /** It begins here. */
  readonly isFirst: boolean;
  /** It ends here. */
  readonly isLast: boolean;
}

/** How a protocol lays its units. */
export interface UnitLayout {
  /** How many octets say how long one is. */
  readonly headSize: number;
  /** `total`: octets of the unit that begins at `at`; `wanted`: how many of them are needed to tell what it is. */
  measure(bytes: Buffer, at: number): { readonly total: number; readonly wanted: number };
}

/** Cuts one direction of a connection, from the beginning of a unit on. What is not enough to be judged waits here. */
export class UnitCutter {
  readonly #layout: UnitLayout;
  #bytes: Buffer = Buffer.alloc(0);
  /** Octets of the unit whose beginning was given out. */
  #left = 0;

  constructor(layout: UnitLayout) {
    this.#layout = layout;
  }

  push(piece: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
  }

  next(): Unit | undefined {
    if (this.#left > 0) return this.#bytes.length === 0 ? undefined : this.#give(this.#left, false);
    const { headSize, measure } = this.#layout;
    if (this.#bytes.length < headSize) return undefined;
    const { total, wanted } = measure(this.#bytes, 0);
    if (this.#bytes.length < wanted) return undefined;
    return this.#give(total, true);
  }

  /** All that waits here, which is not going to be cut. */
  takeRest(): Buffer {
    const rest = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return rest;
  }

  #give(total: number, isFirst: boolean): Unit {
    const bytes = this.#bytes.subarray(0, total);
    this.#bytes = this.#bytes.subarray(bytes.length);
    this.#left = total - bytes.length;
    return { bytes, isFirst, isLast: this.#left === 0 };
  }
}
