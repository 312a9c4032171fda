import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/** What executes a worker's code, where it has a way to say what it is doing. */
export type Runtime = 'python' | 'node' | 'jvm' | 'go';

/** The runtime of a living process, by its executable; undefined for any other, or where there is no /proc. */
export function findRuntime(pid: number): Runtime | undefined {
  try {
    const name = basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
    if (/^(?:python|pypy)[\d.]*$/.test(name)) return 'python';
    if (/^node(?:js)?$/.test(name)) return 'node';
    if (name === 'java') return 'jvm';
    return isGoProgram(`/proc/${pid}/exe`) ? 'go' : undefined;
  } catch {
    return undefined;
  }
}

/** The linker of Go names a section so; see elf(5) for the offsets of a 64-bit file. */
function isGoProgram(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = readAt(file, 0, 64);
    if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2 || head[5] !== 1)
      return false;
    const [size, count, names] = [head.readUInt16LE(0x3a), head.readUInt16LE(0x3c), head.readUInt16LE(0x3e)];
    if (names >= count) return false;
    const section = readAt(file, Number(head.readBigUInt64LE(0x28)) + names * size, size);
    if (section.length < 0x28) return false;
    const length = Math.min(Number(section.readBigUInt64LE(0x20)), 64 * 1024);
    return readAt(file, Number(section.readBigUInt64LE(0x18)), length).includes('.note.go.buildid');
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, position));
}
