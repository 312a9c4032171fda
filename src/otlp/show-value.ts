import type { SpanAttribute } from './span.ts';

/** What stands in a list or a map, a text in quotes: so the rules that look for secrets know it. */
export function showValue(value: SpanAttribute[1] | undefined): string {
  if (value === undefined) return 'null';
  return typeof value === 'string' && !/^[[{]/.test(value) ? JSON.stringify(value) : String(value);
}
