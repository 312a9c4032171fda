import type { Cause } from '../cause.ts';
import type { Evidence, LogTarget } from '../evidence.ts';
import { unmetTargets } from '../unmet-probes.ts';

const longestQuoted = 200;

/** A line that is nearly what a `log` probe waits for, or exactly that on the other stream. */
export function nearlyWritten(evidence: Evidence): Cause | undefined {
  for (const { target } of unmetTargets(evidence, 'log')) {
    const nearest = evidence.search.nearestLine(target);
    if (!nearest) continue;
    const line = JSON.stringify(nearest.line.trim().slice(0, longestQuoted));
    const pattern = describePattern(target.pattern);
    if (target.stream !== 'both' && nearest.stream !== target.stream) {
      return {
        text: `it wrote ${line} to ${nearest.stream}, the probe looks for ${pattern} in ${target.stream}`,
        change: [`set stream: '${nearest.stream}' or 'both' on the probe, and compare the pattern`],
      };
    }
    return {
      text: `it wrote ${line}, the pattern is ${pattern}`,
      change: ['correct the pattern of the probe, unless its line is still to come'],
    };
  }
  return undefined;
}

export function describePattern(pattern: LogTarget['pattern']): string {
  return typeof pattern === 'string' ? JSON.stringify(pattern) : `/${pattern.source}/${pattern.flags}`;
}
