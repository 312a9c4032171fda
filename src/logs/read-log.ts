import { describeTruncation } from './describe-log-fault.ts';
import { findIncompleteEnd } from './find-incomplete-end.ts';
import type { LogFile, LogMark } from './log-file.ts';

const mostBytes = 16 * 1024 * 1024;

export interface LogText {
  readonly text: string;
  /** Why the text is not all that was written since the mark, for people. */
  readonly notes: readonly string[];
}

/** What was written since the mark, and is still there. Of more than `limitBytes`, 16 MiB unless told, only the end is read. */
export function readLogFrom(file: LogFile, mark: LogMark, limitBytes = mostBytes): LogText {
  const truncation = file.truncatedSince(mark);
  const start = file.offsetOf(mark);
  const end = file.size();
  const from = Math.max(start, end - limitBytes);
  const bytes = file.read(from, end);
  return {
    text: wholeCharacters(bytes, from > start).toString('utf8'),
    notes: [
      ...(truncation ? [describeTruncation(file, truncation)] : []),
      ...(from > start
        ? [
            `${file.stream} grew by ${end - start} bytes, of which these are the last ${bytes.length}; the whole is in ${file.path}`,
          ]
        : []),
    ],
  };
}

/** Without the rest of a character at a beginning that was cut, and without one the writer has not finished. */
function wholeCharacters(bytes: Buffer, isCut: boolean): Buffer {
  let start = 0;
  while (isCut && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start, findIncompleteEnd(bytes));
}
