import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeSpecOf } from '../options/probe-options.ts';

const attemptMs = 500;
const settleMs = 1_000;
const intervalMs = 20;

export interface ProbedAddress {
  readonly host: string;
  readonly port: number;
}

/** Who accepts connections at an address before the worker does. */
export type Answerer = 'nobody' | 'this machine' | 'another machine';

/** The address a `tcp` or `http` probe asks. */
export function probedAddress(probe: ProbeSpecOf<'tcp' | 'http'>): ProbedAddress {
  if (probe.kind === 'tcp') return { host: probe.host, port: Number(probe.port) };
  return probedHost(new URL(probe.url));
}

export function probedHost({ protocol, hostname, port }: URL): ProbedAddress {
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  };
}

/** A listener counts when it is there for a second: it may be the last worker, about to end. */
export async function findAnswerer(address: ProbedAddress): Promise<Answerer> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const answerer = await attempt(address);
    if (answerer === 'nobody' || performance.now() > deadline) return answerer;
    await sleep(intervalMs);
  }
}

/** A connection to an address of this machine begins at that same address. */
function attempt({ host, port }: ProbedAddress): Promise<Answerer> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: attemptMs });
    const settle = (answerer: Answerer) => {
      socket.destroy();
      resolve(answerer);
    };
    socket.once('connect', () =>
      settle(socket.localAddress === socket.remoteAddress ? 'this machine' : 'another machine'),
    );
    // Timers come before the network when the event loop was held up: a peer that has answered by then is heard first.
    socket.once('timeout', () => setImmediate(settle, 'nobody'));
    socket.once('error', () => settle('nobody'));
  });
}
