import type { ProbeSpecOf } from '../options/probe-options.ts';
import { type Probe, pending, ready } from './probe.ts';
import type { ProbeContext } from './probe-context.ts';

/** Beyond its own limit, so that the answer is what the command ended with. */
const timeToEndMs = 500;

/** Ready when the command ends with code 0. */
export function commandProbe(spec: ProbeSpecOf<'command'>, runCommand: ProbeContext['runCommand']): Probe {
  return {
    description: `${spec.command.join(' ')} ends with code 0`,
    attemptTimeoutMs: spec.attemptTimeoutMs + timeToEndMs,
    pace: 'gentle',
    async check(signal) {
      const { code, lastLine } = await runCommand(spec.command, { timeoutMs: spec.attemptTimeoutMs, signal });
      if (code === 0) return ready;
      const end = code === undefined ? 'it did not end by itself' : `it ended with code ${code}`;
      return pending(lastLine === '' ? end : `${end}: ${lastLine}`);
    },
  };
}
