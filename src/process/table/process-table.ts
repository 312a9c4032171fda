import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessEntry } from './process-entry.ts';
import { selectProcessReader } from './select-process-reader.ts';

/** Every process of the machine, or undefined where there is neither /proc nor a ps(1) that works. */
export function readProcessTable(): ProcessEntry[] | undefined {
  return selectProcessReader().list();
}

/** The command line with spaces between its words; empty for a zombie or when it may not be read. */
export function readCommandLine(pid: number): string {
  return selectProcessReader().commandLine(pid);
}

/** `\0NAME=value\0NAME=value\0` as the process was started; without variables when it may not be read. */
export function readEnvironment(pid: number): string {
  return selectProcessReader().environment(pid);
}

/** The value of a variable in the environment a process was started with. */
export function initialVariable(pid: number, name: string): string | undefined {
  const variables = readEnvironment(pid).split('\0');
  return variables.find(variable => variable.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** False for a process of a container, which the host sees under another number than the container does. */
export function isOfOurNamespace(pid: number): boolean {
  try {
    // Its namespaces may not be looked at where it may not be looked into; its numbers, one for each of them, may.
    return /^NSpid:\s*\d+$/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** What links the sockets a process holds to the tables in /proc/net; empty when it may not be looked at. */
export function socketInodesOf(pid: number): readonly string[] {
  return readNames(`/proc/${pid}/fd`).flatMap(descriptor => {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${descriptor}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
