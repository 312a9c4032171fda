import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';

/** In the words of nodemon, Node and those like them. */
const crashed = /app crashed|Failed running |[Ww]aiting for file changes|waiting for changes before restart/;

/** What is alive is the watcher: the program it runs may have ended long ago. */
export function watcherWaits(evidence: Evidence): Cause | undefined {
  const { failure, watcher } = evidence;
  if (failure.kind !== 'timeout') return undefined;
  const line = findInOutput(evidence, crashed)?.input.trim();
  if (!watcher && line === undefined) return undefined;
  const who = watcher ? `${watcher.name} (pid ${watcher.pid})` : 'a watcher';
  return {
    text:
      line === undefined
        ? `${who} runs it, and stays alive when the program ends`
        : `the program has ended, and ${who} waits for a change of its files: ${line}`,
    change: ['run the program itself, without the watcher: then its exit is told, with what it wrote last'],
  };
}
