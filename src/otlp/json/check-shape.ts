import { MalformedBody } from '../malformed.ts';

/** A batch of an exporter has 7 levels, and some hundred pieces a span. */
const limits = { depth: 64, pieces: 1_000_000 } as const;
const [quote, backslash, comma, openArray, closeArray, openObject, closeObject] = Buffer.from('"\\,[]{}');

/** A few bytes of JSON may become many objects: what has too many of them, or too deep, is not parsed. @throws MalformedBody */
export function checkShape(bytes: Uint8Array): void {
  let depth = 0;
  let pieces = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === comma) pieces += 1;
    else if (byte === openArray || byte === openObject) {
      depth += 1;
      pieces += 1;
    } else if (byte === closeArray || byte === closeObject) depth -= 1;
    if (depth > limits.depth) throw new MalformedBody(`it is nested deeper than ${limits.depth}`);
    if (pieces > limits.pieces) throw new MalformedBody(`it has more than ${limits.pieces} members`);
  }
}
