import type { FileIdentity } from '../../files/file-identity.ts';
import type { ProcessEntry } from './process-entry.ts';

/** Where processes are looked up. */
export interface ProcessReader {
  /** `ps` cannot tell which files a process holds open. */
  readonly source: 'proc' | 'ps';
  /** Every process of the machine, or undefined when nothing can be read. */
  list(): ProcessEntry[] | undefined;
  /** One process; undefined when it is gone, or when nothing can be read. */
  entry(pid: number): ProcessEntry | undefined;
  /** The words with spaces between them; empty for a zombie or when it may not be read. */
  commandLine(pid: number): string;
  /** `\0NAME=value\0NAME=value\0` as the process was started; `ps` cuts values at their first space. */
  environment(pid: number): string;
  /** @see limitMarkOf; undefined where limits cannot be read. */
  limitMark(pid: number): number | undefined;
  /** True when the process can write to one of the files. A process that only reads a log is no worker. */
  writesTo(pid: number, files: SoughtFiles): boolean;
}

/** Files by their names, and by what they are. */
export interface SoughtFiles {
  readonly paths: readonly string[];
  readonly files: readonly FileIdentity[];
}
