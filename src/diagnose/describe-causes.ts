import type { Cause } from './cause.ts';

/** The leading cause with what to change, and the first line of every other one. */
export function describeCauses([first, ...others]: readonly Cause[]): readonly string[] {
  if (!first) return [];
  return [
    ...indent('cause:  ', first.text.split('\n')),
    ...first.change.map(step => `change: ${step}`),
    ...others.slice(0, 2).map(({ text }) => `also seen: ${text.split('\n')[0]}`),
  ];
}

function indent(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? label : ' '.repeat(label.length)) + line);
}
