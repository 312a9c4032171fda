const escapeStart = /\x1b(?:\[[0-?]*[ -/]*)?$/;

/** Where in `bytes` a UTF-8 character or an ANSI escape sequence begins that is cut off at their end; else their length. */
export function findIncompleteEnd(bytes: Buffer): number {
  return escapeStart.exec(bytes.toString('latin1'))?.index ?? findCharacterStart(bytes);
}

function findCharacterStart(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** The number of bytes of the character a lead byte begins. */
function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
