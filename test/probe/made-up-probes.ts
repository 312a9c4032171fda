import type { Probe, ProbeAnswer } from '../../src/probe/probe.ts';

export function probe(check: Probe['check'], attemptTimeoutMs = 2_000): Probe {
  return { description: 'a probe', attemptTimeoutMs, check };
}

/** Gives the answers one by one, the last one for ever. */
export function answering(...answers: readonly ProbeAnswer[]): Probe {
  let attempts = 0;
  return probe(async () => answers[Math.min(attempts++, answers.length - 1)] as ProbeAnswer);
}

/** Answers nothing; `seen` are the signals of its attempts. */
export function silent(attemptTimeoutMs?: number): Probe & { readonly seen: AbortSignal[] } {
  const seen: AbortSignal[] = [];
  const check: Probe['check'] = signal => {
    seen.push(signal);
    return new Promise(() => {});
  };
  return { ...probe(check, attemptTimeoutMs), seen };
}
