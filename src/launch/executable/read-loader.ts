import { closeSync, openSync, readSync } from 'node:fs';

/** The dynamic loader a little-endian ELF program names in its PT_INTERP segment; undefined for a static one. */
export function readLoader(file: string, head: Buffer): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return readInterpreter(descriptor, head);
  } catch {
    // A damaged header: the kernel has the last word.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Offsets as in elf.h: Elf32_Ehdr, Elf32_Phdr and their 64-bit forms. */
function readInterpreter(descriptor: number, head: Buffer): string | undefined {
  const wide = head[4] === 2;
  const word = (bytes: Buffer, at: number) =>
    wide ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at);
  const table = word(head, wide ? 32 : 28);
  const size = head.readUInt16LE(wide ? 54 : 42);
  const count = head.readUInt16LE(wide ? 56 : 44);
  for (let index = 0; index < Math.min(count, 256); index += 1) {
    const header = readAt(descriptor, table + index * size, wide ? 56 : 32);
    if (header.readUInt32LE(0) !== 3) continue;
    const length = Math.min(word(header, wide ? 32 : 16), 4096);
    return readAt(descriptor, word(header, wide ? 8 : 4), length)
      .toString()
      .replace(/\0.*$/s, '');
  }
  return undefined;
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}
