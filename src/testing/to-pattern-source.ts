import type { PatternSource } from '../options/probe-options.ts';

/** A string stands for itself. */
export function toPatternSource(pattern: string | RegExp): PatternSource {
  if (typeof pattern !== 'string') return { source: pattern.source, flags: pattern.flags };
  return { source: pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags: '' };
}
