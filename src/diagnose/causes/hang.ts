import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { selectFrames } from '../select-frames.ts';

const change = ['look at what that line waits for, or give it more time by startTimeoutMs'];

/** Python's own import machinery stands in the stack of whoever imports. */
export function importHangs({ failure, stacks }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout') return undefined;
  const hanging = stacks.find(({ text }) => text.includes('<frozen importlib'));
  const [frame] = hanging ? selectFrames(hanging.text) : [];
  return frame === undefined ? undefined : { text: `it is still importing its modules: ${frame}`, change };
}

/** Only where nothing else is known: a worker that waits for work is somewhere, too. */
export function isSomewhere({ failure, stacks }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout') return undefined;
  const frame = stacks.flatMap(({ text }) => selectFrames(text).slice(0, 1))[0];
  return frame === undefined ? undefined : { text: `it hangs, or is not done yet: ${frame}`, change };
}
