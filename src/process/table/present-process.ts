import type { SecretSource } from '../../secrets/list-secrets.ts';
import { maskCommandLine } from '../../secrets/mask-value.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { describeProcess } from './describe-process.ts';
import type { ProcessEntry } from './process-entry.ts';
import { readEnvironment } from './process-table.ts';

/** A process as it may be shown. */
export interface PresentedProcess {
  readonly pid: number;
  readonly command: string;
}

/** Anybody's process: neither a secret that is known nor one of its own environment shows. */
export function presentProcess(entry: ProcessEntry, secrets = new Secrets()): PresentedProcess {
  const { pid, command } = describeProcess(entry);
  const own = new Secrets(environmentOf(pid));
  return { pid, command: maskCommandLine(own.mask(secrets.mask(command)), own) };
}

function environmentOf(pid: number): readonly SecretSource[] {
  return readEnvironment(pid)
    .split('\0')
    .map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const)
    .filter(([name]) => name !== '');
}
