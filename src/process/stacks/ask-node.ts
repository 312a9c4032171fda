import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry } from '../table/process-entry.ts';
import { readProcessEntry } from '../table/process-identity.ts';
import { readEnvironment } from '../table/process-table.ts';
import { signalProcess } from '../tree/signal-process.ts';
import { catchesSignal } from './catches-signal.ts';
import { findOpenedPort } from './find-opened-port.ts';
import { type Inspector, openInspector } from './inspector.ts';
import { portsBeforeQuestion, startInspectorCloser } from './start-inspector-closer.ts';

const pollMs = 10;
/** Another process may have the inspector's port for a moment, and Node says so only in its log. */
const openAgainMs = 300;
const pausedMs = 300;
/** An answer may take half of what is left of the question's time, so that there is some for others, and that long in any case. */
const leastAnswerMs = { ofOneToEnd: 300, ofOneThatLives: 1_500 } as const;

export interface NodeQuestion {
  /** The words of its command line with spaces between them. */
  readonly commandLine: string;
  readonly limitMs: number;
  /** It is stopped behind the question, which many wait for. */
  readonly mayEnd: boolean;
  readonly stderrPath: string;
}

/**
 * Where the main thread of a Node process is, by its inspector: the frames of what it executes, or what it waits for when it
 * executes nothing. The inspector is closed again, also when it opens only after the wait for the answer is over.
 *
 * @throws Error with the reason why it cannot tell
 */
export async function askNode(entry: ProcessEntry, question: NodeQuestion): Promise<string> {
  if (/--inspect/.test(`${question.commandLine} ${readEnvironment(entry.pid)}`))
    throw new Error('its inspector is open for a debugger');
  if (!catchesSignal(entry.pid, 'SIGUSR1')) throw new Error('it does not take SIGUSR1 (yet)');
  const before = portsBeforeQuestion(entry);
  let isClosed = false;
  try {
    const deadline = performance.now() + question.limitMs;
    const port = await openPort(entry, before, deadline);
    const leastMs = question.mayEnd ? leastAnswerMs.ofOneToEnd : leastAnswerMs.ofOneThatLives;
    const answerMs = Math.max(leastMs, Math.round((deadline - performance.now()) / 2));
    const inspector = await openInspector(port, answerMs);
    try {
      const text = `${await stackOf(inspector, entry.pid, answerMs)}\n`;
      appendFileSync(question.stderrPath, `[live-worker: stack of node, pid ${entry.pid}]\n${text}`);
      return text;
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

async function stackOf(inspector: Inspector, pid: number, answerMs: number): Promise<string> {
  await inspector.send('Debugger.enable');
  const paused = inspector.event('Debugger.paused', answerMs);
  await inspector.send('Debugger.pause');
  const event = await Promise.race([paused, untilIdle(pid, answerMs)]);
  if (!event) {
    await inspector.send('Debugger.disable');
    return `it executes nothing, and waits for: ${await waitedFor(inspector)}`;
  }
  const { callFrames } = event as { readonly callFrames: readonly CallFrame[] };
  await inspector.send('Debugger.disable');
  return callFrames.map(frame => describeFrame(frame, inspector.urlOf(frame.location.scriptId))).join('\n');
}

/** One that executes something pauses, but on a machine with much to do it is late. */
async function untilIdle(pid: number, limitMs: number): Promise<undefined> {
  const deadline = performance.now() + limitMs;
  do await sleep(pausedMs);
  while (performance.now() < deadline && readProcessEntry(pid)?.state === 'R');
}

interface CallFrame {
  readonly functionName: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
}

/** As Node prints it; lines and columns of the protocol count from 0. */
function describeFrame({ functionName, location }: CallFrame, url: string): string {
  const place = `${url}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
  return functionName === '' ? `    at ${place}` : `    at ${functionName} (${place})`;
}

const waitingOn = `process._getActiveHandles()
  .map(({ remoteAddress: host, remotePort: port, constructor }) => host ? constructor.name + ' to ' + host + ':' + port : '')
  .filter(Boolean)
  .concat(process.getActiveResourcesInfo().filter(name => !/^(TCPSocketWrap|PipeWrap|TTYWrap)$/.test(name)))
  .join(', ')`;

async function waitedFor(inspector: Inspector): Promise<string> {
  const answer = await inspector.send('Runtime.evaluate', { expression: waitingOn, returnByValue: true });
  const { result } = answer as { readonly result: { readonly value?: unknown } };
  return typeof result.value === 'string' && result.value !== '' ? result.value : 'nothing it names';
}
