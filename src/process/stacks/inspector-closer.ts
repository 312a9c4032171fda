import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../table/process-identity.ts';
import { findOpenedPort } from './find-opened-port.ts';
import { openInspector } from './inspector.ts';
import type { ClosingOrder } from './start-inspector-closer.ts';

const pollMs = 40;
/** Its main thread may be busy again before it hears of it. */
const longestMs = 2 ** 31 - 1;
const answerMs = 1_000;
/** The port of a server that the process has opened itself answers, but not as an inspector. */
const attempts = 3;

/** A process of its own that waits until another one opens its inspector, and closes it. */
async function main({ target, before }: ClosingOrder): Promise<void> {
  const refused: number[] = [];
  for (; isAlive(target); await sleep(pollMs)) {
    const others = refused.filter(port => refused.filter(other => other === port).length >= attempts);
    const port = findOpenedPort(target, [...before, ...others]);
    if (port === undefined) continue;
    if (await close(port)) return;
    refused.push(port);
  }
}

async function close(port: number): Promise<boolean> {
  try {
    const inspector = await openInspector(port, answerMs);
    return await inspector.end(longestMs);
  } catch {
    return false;
  }
}

void main(JSON.parse(process.argv[2] ?? '') as ClosingOrder);
