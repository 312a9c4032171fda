import { stripVTControlCharacters } from 'node:util';
import type { PatternSource, ProbeSpecOf } from '../spec/probe-options.ts';
import { type Probe, pending, ready } from './probe.ts';
import type { ProbeSurroundings } from './surroundings.ts';

/** Ready when the output holds the pattern, whatever pieces it was written in; colours are taken out first. */
export function logProbe(spec: ProbeSpecOf<'log'>, readLog: ProbeSurroundings['readLog']): Probe {
  const pattern = typeof spec.pattern === 'string' ? spec.pattern : toRegExp(spec.pattern);
  const streams = spec.stream === 'both' ? (['stdout', 'stderr'] as const) : [spec.stream];
  return {
    description: `${spec.stream === 'both' ? 'output' : spec.stream} holds ${typeof pattern === 'string' ? `"${pattern}"` : pattern}`,
    async check() {
      const found = streams.some(stream => holds(stripVTControlCharacters(readLog(stream)), pattern));
      return found ? ready : pending('it has not been written yet');
    },
  };
}

/** Without the flags that make a RegExp remember where it stopped. */
function toRegExp({ source, flags }: PatternSource): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ''));
}

function holds(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}
