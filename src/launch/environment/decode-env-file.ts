import { isUtf8 } from 'node:buffer';

/** The text of an env file without its byte order mark, or the line and the reason why it is no text. */
export function decodeEnvFile(bytes: Buffer): string | { readonly line: number; readonly what: string } {
  if (isUtf16(bytes)) return { line: 1, what: 'the file is UTF-16; save it as UTF-8' };
  if (!isUtf8(bytes)) return { line: firstLine(bytes, line => !isUtf8(line)), what: 'a byte is not UTF-8' };
  if (bytes.includes(0)) return { line: firstLine(bytes, line => line.includes(0)), what: 'a NUL byte' };
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff';
}

/** A line break is never part of a longer UTF-8 sequence, so the lines can be decoded one by one. */
function firstLine(bytes: Buffer, isWrong: (line: Buffer) => boolean): number {
  const lines = bytes.toString('latin1').split(/\r\n?|\n/);
  return lines.findIndex(line => isWrong(Buffer.from(line, 'latin1'))) + 1;
}
