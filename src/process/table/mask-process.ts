import type { SecretSource } from '../../secrets/list-secrets.ts';
import { maskCommandLine } from '../../secrets/mask-value.ts';
import { Secrets } from '../../secrets/secrets.ts';
import type { ProcessEntry } from './process-entry.ts';
import { readEnvironment } from './process-table.ts';
import { readProcessDetails } from './read-process-details.ts';

/** A process as it may be shown. */
export interface MaskedProcess {
  readonly pid: number;
  readonly command: string;
}

/** For any process: neither a known secret nor one of its own environment shows. */
export function maskProcess(entry: ProcessEntry, secrets = new Secrets()): MaskedProcess {
  const { pid, command } = readProcessDetails(entry);
  const own = new Secrets(environmentOf(pid));
  return { pid, command: maskCommandLine(own.mask(secrets.mask(command)), own) };
}

function environmentOf(pid: number): readonly SecretSource[] {
  return readEnvironment(pid)
    .split('\0')
    .map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const)
    .filter(([name]) => name !== '');
}
