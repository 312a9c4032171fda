import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where the number of a process means something: one boot of one machine, and there one container. */
export interface PidSpace {
  readonly boot: string;
  readonly namespace: string;
}

export function readPidSpace(): PidSpace {
  return {
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()) ?? hostname(),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  };
}

export function isSameSpace(one: PidSpace, other: PidSpace): boolean {
  return one.boot === other.boot && one.namespace === other.namespace;
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
