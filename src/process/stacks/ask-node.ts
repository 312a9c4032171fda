import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry } from '../table/process-entry.ts';
import { readProcessEntry } from '../table/process-identity.ts';
import type { Inspector } from './inspector.ts';
import { withInspector } from './with-inspector.ts';

const pausedMs = 300;
/** For the answer of a process that lives on; one that is stopped behind the question has many waiting for it. */
const leastAnswerMs = 1_500;

export interface NodeQuestion {
  readonly limitMs: number;
  /** It is stopped behind the question, which many wait for. */
  readonly mayEnd: boolean;
  readonly stderrPath: string;
}

/**
 * Where the main thread of a Node process is, by its inspector: the frames of what it executes, or what it waits for when it
 * executes nothing.
 *
 * @throws Error with the reason why it cannot tell
 */
export function askNode(entry: ProcessEntry, { limitMs, mayEnd, stderrPath }: NodeQuestion): Promise<string> {
  const limits = mayEnd ? { limitMs } : { limitMs, leastAnswerMs };
  return withInspector(entry, limits, async (inspector, answerMs) => {
    const text = `${await stackOf(inspector, entry.pid, answerMs)}\n`;
    appendFileSync(stderrPath, `[live-worker: stack of node, pid ${entry.pid}]\n${text}`);
    return text;
  });
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
