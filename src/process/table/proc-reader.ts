import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { readLimitMark } from '../tree/limit-mark.ts';
import type { ProcessEntry } from './process-entry.ts';
import type { ProcessReader, SoughtFiles } from './process-reader.ts';
import { readWorkerCommandLine } from './raw-command-line.ts';
import { readProgram } from './read-program.ts';

/** What Linux shows of its processes, see proc(5). */
export const procReader: ProcessReader = {
  source: 'proc',

  list() {
    return readNames('/proc')
      ?.filter(name => /^\d+$/.test(name))
      .map(name => readEntry(Number(name)))
      .filter(entry => entry !== undefined);
  },

  entry: readEntry,

  commandLine(pid) {
    return readProgram(
      () => readWorkerCommandLine(pid),
      () => readText(`/proc/${pid}/stat`),
    )
      .replace(/[\0\s]+/g, ' ')
      .trim();
  },

  environment: pid => `\0${readText(`/proc/${pid}/environ`)}\0`,

  limitMark: readLimitMark,

  writesTo(pid, sought) {
    return (readNames(`/proc/${pid}/fd`) ?? []).some(
      descriptor => isOneOf(sought, pid, descriptor) && isWritable(pid, descriptor),
    );
  },
};

function readEntry(pid: number): ProcessEntry | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === '' ? undefined : parseStat(pid, stat);
}

/** The command name stands in parentheses and may hold spaces and parentheses itself, so the fields start after the last one. */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: Number(fields[19]),
  };
}

/** What is no path is no file: a pipe, a socket. */
function isOneOf({ paths, files }: SoughtFiles, pid: number, descriptor: string): boolean {
  const path = readFilePath(pid, descriptor);
  if (!path.startsWith('/')) return false;
  if (paths.includes(path)) return true;
  if (files.length === 0) return false;
  const found = statOf(`/proc/${pid}/fd/${descriptor}`);
  return files.some(({ device, inode }) => found?.ino === inode && found.dev === device);
}

function readFilePath(pid: number, descriptor: string): string {
  return readLink(`/proc/${pid}/fd/${descriptor}`).replace(/ \(deleted\)$/, '');
}

function isWritable(pid: number, descriptor: string): boolean {
  const flags = /^flags:\s*(\d+)/m.exec(readText(`/proc/${pid}/fdinfo/${descriptor}`))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 0o3) !== 0;
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readNames(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}
