import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ProcessEntry, readProcessEntry } from './process-identity.ts';

/** Every process of the machine, or undefined where there is no /proc. */
export function readProcessTable(): ProcessEntry[] | undefined {
  const names = readNames('/proc');
  if (!names?.includes('self')) return undefined;
  return names
    .filter(name => /^\d+$/.test(name))
    .map(name => readProcessEntry(Number(name)))
    .filter(entry => entry !== undefined);
}

/** The command line with spaces between its words; empty for a zombie or when it may not be read. */
export function readCommandLine(pid: number): string {
  return readText(`/proc/${pid}/cmdline`)
    .replace(/[\0\s]+/g, ' ')
    .trim();
}

/** True when the environment a process was started with holds `NAME=value`. */
export function startedWith(pid: number, name: string, value: string): boolean {
  return readEnvironment(pid).includes(`\0${name}=${value}\0`);
}

/** `\0NAME=value\0NAME=value\0` as the process was started; without variables when it may not be read. */
export function readEnvironment(pid: number): string {
  return `\0${readText(`/proc/${pid}/environ`)}\0`;
}

/** The value of a variable in the environment a process was started with. */
export function initialVariable(pid: number, name: string): string | undefined {
  const variables = readText(`/proc/${pid}/environ`).split('\0');
  return variables.find(variable => variable.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** False for a process of a container, which the host sees under another number than the container does. */
export function isOfOurNamespace(pid: number): boolean {
  return readLink(`/proc/${pid}/ns/pid`) === readLink('/proc/self/ns/pid');
}

/** True when the process can write to one of the files. Whoever only reads a log is not a worker. */
export function writesTo(pid: number, paths: readonly string[]): boolean {
  return (readNames(`/proc/${pid}/fd`) ?? []).some(
    descriptor => paths.includes(readFilePath(pid, descriptor)) && isWritable(pid, descriptor),
  );
}

/** What links the sockets a process holds to the tables in /proc/net; empty when it may not be looked at. */
export function socketInodesOf(pid: number): readonly string[] {
  return (readNames(`/proc/${pid}/fd`) ?? []).flatMap(descriptor => {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${descriptor}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

function readFilePath(pid: number, descriptor: string): string {
  return readLink(`/proc/${pid}/fd/${descriptor}`).replace(/ \(deleted\)$/, '');
}

function isWritable(pid: number, descriptor: string): boolean {
  const flags = /^flags:\s*(\d+)/m.exec(readText(`/proc/${pid}/fdinfo/${descriptor}`))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 0o3) !== 0;
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
