import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type FileIdentity, identifyFile } from '../files/file-identity.ts';
import { findIncompleteEnd } from './find-incomplete-end.ts';

export type LogStreamName = 'stdout' | 'stderr';

/** A place in a log. It knows the bytes before it, so that it is recognised as gone when the file was truncated and has grown again. */
export interface LogMark {
  readonly offset: number;
  /** How often the file had been truncated when the mark was set. */
  readonly truncations: number;
  readonly before: Buffer;
}

/** A write to an append-only file never shortens it: a process opened it anew, as `echo > /dev/stderr` does. */
export interface LogTruncation {
  readonly noticedAt: Date;
  /** What is lost, as far as it was seen. */
  readonly bytes: number;
}

const bytesKept = 32;

/** One log, open for appending and reading for as long as the session lives; afterwards it is as if nothing were in it. Deleting or renaming it hinders neither worker nor reader. */
export class LogFile {
  readonly stream: LogStreamName;
  /** Absolute and without links, as /proc shows it of the worker's descriptors. */
  readonly path: string;
  readonly descriptor: number;
  readonly identity: FileIdentity;
  #isClosed = false;
  #lastSize = 0;
  #truncations = 0;
  #lastTruncation: LogTruncation | undefined;
  /** Marks at the very beginning cannot tell, so the newest other one is always compared too. */
  #newest: LogMark = { offset: 0, truncations: 0, before: Buffer.alloc(0) };

  /** @param access `r` for one that another session writes and keeps */
  constructor(stream: LogStreamName, path: string, access: 'a+' | 'r' = 'a+') {
    this.stream = stream;
    this.path = path;
    this.descriptor = openSync(path, access, 0o600);
    this.identity = identifyFile(fstatSync(this.descriptor));
  }

  /** The size of what is in it now, in bytes. */
  size(): number {
    if (this.#isClosed) return 0;
    const { size } = fstatSync(this.descriptor);
    if (size < this.#lastSize) this.#noteTruncation(this.#lastSize);
    this.#lastSize = size;
    return size;
  }

  /** The place of byte `offset`, by default of the end; moved back to where a character or an escape sequence begins that is cut there. */
  mark(offset = this.size()): LogMark {
    const bytes = this.read(Math.max(0, offset - bytesKept), offset);
    const before = bytes.subarray(0, findIncompleteEnd(bytes));
    const mark = { offset: offset - (bytes.length - before.length), truncations: this.#truncations, before };
    if (offset > 0) this.#newest = mark;
    return mark;
  }

  /** Where reading goes on: at the mark, or at the beginning when what it stood in is gone. */
  offsetOf(mark: LogMark): number {
    this.#compare(this.#newest);
    this.#compare(mark);
    return mark.truncations === this.#truncations ? mark.offset : 0;
  }

  /** The last truncation since a mark was set. */
  truncatedSince(mark: LogMark): LogTruncation | undefined {
    this.offsetOf(mark);
    return mark.truncations === this.#truncations ? undefined : this.#lastTruncation;
  }

  /** What became of its name; undefined when it is where it was. */
  moved(): 'deleted' | 'renamed' | undefined {
    if (this.#isClosed) return undefined;
    const { ino, dev, nlink } = fstatSync(this.descriptor);
    if (nlink === 0) return 'deleted';
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there?.ino === ino && there.dev === dev ? undefined : 'renamed';
  }

  /** The bytes from `start` to `end`, or fewer when the file ends before. */
  read(start: number, end: number): Buffer {
    if (this.#isClosed || end <= start) return Buffer.alloc(0);
    const buffer = Buffer.allocUnsafe(end - start);
    let filled = 0;
    while (filled < buffer.length) {
      const read = readSync(this.descriptor, buffer, filled, buffer.length - filled, start + filled);
      if (read === 0) break;
      filled += read;
    }
    return buffer.subarray(0, filled);
  }

  /** A wait that outlives the session must not read what gets the same descriptor next. */
  close(): void {
    if (!this.#isClosed) closeSync(this.descriptor);
    this.#isClosed = true;
  }

  /** A file that has grown beyond a mark again does not have the same bytes before it. */
  #compare({ offset, truncations, before }: LogMark): void {
    this.size();
    if (this.#isClosed || truncations !== this.#truncations) return;
    if (!this.read(offset - before.length, offset).equals(before)) this.#noteTruncation(offset);
  }

  #noteTruncation(bytes: number): void {
    this.#truncations += 1;
    this.#lastTruncation = { noticedAt: new Date(), bytes };
  }
}
