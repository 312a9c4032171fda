import { appendFileSync } from 'node:fs';
import type { ProcessEntry } from '../table/process-entry.ts';
import type { Inspector } from './inspector.ts';
import { withInspector } from './with-inspector.ts';

const pausedMs = 300;

export interface NodeQuestion {
  readonly limitMs: number;
  readonly stderrPath: string;
}

/**
 * Where the main thread of a Node process is, by its inspector: the frames of what it executes, or what it waits for when it
 * executes nothing.
 *
 * @throws Error with the reason why it cannot tell
 */
export function askNode(entry: ProcessEntry, { limitMs, stderrPath }: NodeQuestion): Promise<string> {
  return withInspector(entry, limitMs, async inspector => {
    const text = `${await stackOf(inspector)}\n`;
    appendFileSync(stderrPath, `[live-worker: stack of node, pid ${entry.pid}]\n${text}`);
    return text;
  });
}

async function stackOf(inspector: Inspector): Promise<string> {
  await inspector.send('Debugger.enable');
  const paused = inspector.event('Debugger.paused', pausedMs);
  await inspector.send('Debugger.pause');
  const event = await paused;
  if (!event) {
    await inspector.send('Debugger.disable');
    return `it executes nothing, and waits for: ${await waitedFor(inspector)}`;
  }
  const { callFrames } = event as { readonly callFrames: readonly CallFrame[] };
  await inspector.send('Debugger.disable');
  return callFrames.map(frame => describeFrame(frame, inspector.urlOf(frame.location.scriptId))).join('\n');
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
