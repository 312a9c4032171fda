import type { Evidence } from './evidence.ts';
import { selectFrames } from './select-frames.ts';

const linesShown = 9;
const fewestShown = 2;

/** Where the worker was when it missed its deadline; nothing where its runtime does not tell. */
export function describeStacks({ stacks }: Evidence): readonly string[] {
  const each = Math.max(fewestShown, Math.floor(linesShown / Math.max(1, stacks.length)));
  return stacks
    .flatMap(({ pid, runtime, text }) => {
      const frames = selectFrames(text);
      // All of them are its runtime's own.
      if (frames.length === 0) return [];
      const shown = frames.slice(0, each);
      const rest = frames.length > shown.length ? ['    | …'] : [];
      return [`  pid ${pid} (${runtime}) was in:`, ...shown.map(line => `    | ${line}`), ...rest];
    })
    .slice(0, linesShown + 2 * fewestShown);
}
