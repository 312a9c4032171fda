import type { ProbeTarget } from '../probe/probe-target.ts';
import type { Evidence } from './evidence.ts';

/** A probe that was asked, and not satisfied. */
export interface UnmetProbe<Target extends ProbeTarget = ProbeTarget> {
  readonly probe: string;
  readonly why: string;
  readonly target: Target;
}

/** The probes that kept a worker from being ready in time; none after any other failure. */
export function unmetProbes({ failure, probes }: Evidence): readonly UnmetProbe[] {
  if (failure.kind !== 'timeout') return [];
  return probes.flatMap(({ probe, answer, target }) =>
    answer && answer.kind !== 'ready' && target ? [{ probe, why: answer.why, target }] : [],
  );
}

/** Those of some kinds. */
export function unmetTargets<Kind extends ProbeTarget['kind']>(
  evidence: Evidence,
  ...kinds: readonly Kind[]
): readonly UnmetProbe<Extract<ProbeTarget, { readonly kind: Kind }>>[] {
  return unmetProbes(evidence).filter(
    (unmet): unmet is UnmetProbe<Extract<ProbeTarget, { readonly kind: Kind }>> =>
      kinds.some(kind => kind === unmet.target.kind),
  );
}
