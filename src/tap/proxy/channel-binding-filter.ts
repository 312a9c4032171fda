const headSize = 5;
const authentication = 0x52;
const saslRequest = 10;
/** What is longer is no list of mechanisms. */
const longest = 4_096;
const bound = 'SCRAM-SHA-256-PLUS\0';

/**
 * Takes SCRAM-SHA-256-PLUS out of the mechanisms a server offers: it binds the login to a TLS connection that the worker does
 * not have, and libpq refuses it then. Everything else passes as it is.
 */
export class ChannelBindingFilter {
  #held: Buffer = Buffer.alloc(0);
  #isOver = false;

  pass(piece: Buffer): Buffer {
    if (this.#isOver) return piece;
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    let at = 0;
    for (;;) {
      if (bytes.length - at < headSize) return this.#hold(bytes, at);
      const length = bytes.readUInt32BE(at + 1);
      if (length > longest) return this.#finish(bytes);
      if (bytes.length - at < length + 1) return this.#hold(bytes, at);
      if (bytes[at] === authentication) return this.#finish(withoutBound(bytes, at, length + 1));
      at += length + 1;
    }
  }

  /** What is there before a message that is not whole. */
  #hold(bytes: Buffer, at: number): Buffer {
    this.#held = bytes.subarray(at);
    return bytes.subarray(0, at);
  }

  #finish(bytes: Buffer): Buffer {
    this.#isOver = true;
    this.#held = Buffer.alloc(0);
    return bytes;
  }
}

function withoutBound(bytes: Buffer, at: number, size: number): Buffer {
  const message = bytes.subarray(at, at + size);
  const name = message.indexOf(bound);
  if (message.length < 9 || message.readUInt32BE(5) !== saslRequest || name === -1) return bytes;
  const kept = Buffer.concat([message.subarray(0, name), message.subarray(name + bound.length)]);
  kept.writeUInt32BE(size - 1 - bound.length, 1);
  return Buffer.concat([bytes.subarray(0, at), kept, bytes.subarray(at + size)]);
}
