import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** True when the process has a handler for the signal, so that it is not ended by it unheard. False where there is no /proc. */
export function catchesSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    const [, caught = '0'] =
      /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals[signal] - 1))) !== 0n;
  } catch {
    return false;
  }
}
