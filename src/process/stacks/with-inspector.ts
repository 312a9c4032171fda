import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry } from '../table/process-entry.ts';
import { readCommandLine, readEnvironment } from '../table/process-table.ts';
import { signalProcess } from '../tree/signal-process.ts';
import { catchesSignal } from './catches-signal.ts';
import { findOpenedPort } from './find-opened-port.ts';
import { type Inspector, openInspector } from './inspector.ts';
import { portsBeforeQuestion, startInspectorCloser } from './start-inspector-closer.ts';

const pollMs = 10;
/** Another process may have the inspector's port for a moment, and Node says so only in its log. */
const openAgainMs = 300;
/** An answer may take half of what is left of the question's time, so that there is some for others, and that long in any case. */
const shortestAnswerMs = 300;

export interface InspectorLimits {
  /** For all of it, in milliseconds. */
  readonly limitMs: number;
  /** What an answer may take in any case. */
  readonly leastAnswerMs?: number;
}

/**
 * Asks a Node process something by its inspector, which is closed again, also when it opens only after the wait for the answer is over.
 *
 * @throws Error with the reason why it cannot be asked
 */
export async function withInspector<Answer>(
  entry: ProcessEntry,
  { limitMs, leastAnswerMs = shortestAnswerMs }: InspectorLimits,
  ask: (inspector: Inspector, answerMs: number) => Promise<Answer>,
): Promise<Answer> {
  if (/--inspect/.test(`${readCommandLine(entry.pid)} ${readEnvironment(entry.pid)}`))
    throw new Error('its inspector is open for a debugger');
  if (!catchesSignal(entry.pid, 'SIGUSR1')) throw new Error('it does not take SIGUSR1 (yet)');
  const before = portsBeforeQuestion(entry);
  let isClosed = false;
  try {
    const deadline = performance.now() + limitMs;
    const port = await openPort(entry, before, deadline);
    const answerMs = Math.max(leastAnswerMs, Math.round((deadline - performance.now()) / 2));
    const inspector = await openInspector(port, answerMs);
    try {
      return await ask(inspector, answerMs);
    } finally {
      isClosed = await inspector.end();
    }
  } finally {
    if (!isClosed) startInspectorCloser(entry, before);
  }
}

/** The port is told from those that others have by whose it is. */
async function openPort(entry: ProcessEntry, before: readonly number[], deadline: number): Promise<number> {
  while (performance.now() < deadline) {
    if (signalProcess(entry, 'SIGUSR1') !== 'sent') throw new Error('it is gone');
    for (const againAt = performance.now() + openAgainMs; performance.now() < againAt; ) {
      const port = findOpenedPort(entry, before);
      if (port !== undefined) return port;
      await sleep(pollMs);
    }
  }
  throw new Error(
    'it did not open its inspector: it handles SIGUSR1 itself, or another process has the port',
  );
}
