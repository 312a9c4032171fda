import { setMaxListeners } from 'node:events';
import { HopelessProbes } from './hopeless-probes.ts';
import { pollIntervalMs } from './poll-interval.ts';
import { PollWaker } from './poll-waker.ts';
import { fatal, type Probe, type ProbeAnswer, pending } from './probe.ts';

const attemptTimeoutMs = 2_000;

/** How the wait for a set of probes ended. */
export type GateOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fatal'; readonly probe: Probe; readonly why: string }
  | { readonly kind: 'aborted' };

export interface GateOptions {
  /** Ends the wait: the deadline passed, the worker exited, Jest is going. */
  readonly signal: AbortSignal;
  readonly waker?: PollWaker;
  readonly onAnswer?: (probe: Probe, answer: ProbeAnswer) => void;
  /** True while another worker starts, which may bring about what this one's probes wait for. */
  readonly isOtherStarting?: () => boolean;
}

/** Asks all probes, each at its own pace, until every one was ready once, one said fatal, or the signal aborts. */
export async function untilReady(probes: readonly Probe[], options: GateOptions): Promise<GateOutcome> {
  const losers = new AbortController();
  const signal = AbortSignal.any([options.signal, losers.signal]);
  setMaxListeners(probes.length + 1, signal);
  const waker = options.waker ?? new PollWaker();
  const hopeless = new HopelessProbes(probes, options.isOtherStarting);
  try {
    return await firstVerdict(
      probes.map(probe => untilOneReady(probe, { ...options, signal, waker, hopeless })),
    );
  } finally {
    losers.abort();
  }
}

/** Ready when all are ready; otherwise the first that is not. */
function firstVerdict(outcomes: readonly Promise<GateOutcome>[]): Promise<GateOutcome> {
  return new Promise((resolve, reject) => {
    for (const outcome of outcomes) {
      outcome.then(verdict => verdict.kind !== 'ready' && resolve(verdict), reject);
    }
    Promise.all(outcomes).then(() => resolve({ kind: 'ready' }), reject);
  });
}

async function untilOneReady(
  probe: Probe,
  options: GateOptions & { readonly waker: PollWaker; readonly hopeless: HopelessProbes },
): Promise<GateOutcome> {
  const { signal, hopeless, onAnswer } = options;
  const { pace = 'eager' } = probe;
  // A probe that is not to be asked at every log line is not woken by them.
  const waker = pace === 'eager' ? options.waker : new PollWaker();
  const startedAt = performance.now();
  let hopefulAt = startedAt;
  let intervalMs = 0;
  while (!signal.aborted) {
    const askedAt = performance.now();
    const answer = hopeless.fatalIfHopeless(probe, fatalIfOverdue(await attempt(probe, signal), hopefulAt));
    if (signal.aborted) break;
    onAnswer?.(probe, answer);
    if (answer.kind === 'ready') return { kind: 'ready' };
    if (answer.kind === 'fatal') return { kind: 'fatal', probe, why: answer.why };
    if (answer.hopelessAfterMs === undefined) hopefulAt = performance.now();
    intervalMs = pollIntervalMs({
      pace,
      sinceStartMs: performance.now() - startedAt,
      attemptMs: performance.now() - askedAt,
      previousMs: intervalMs,
      isAlert: waker.isAlert(),
    });
    await waker.pause(Math.max(intervalMs, restOf(answer)), signal);
  }
  return { kind: 'aborted' };
}

function restOf({ restMs = 0 }: ProbeAnswer & { readonly kind: 'pending' }): number {
  return restMs * (1 + 3 * Math.random());
}

/** A pending answer with a limit becomes fatal when nothing else was heard for that long. */
function fatalIfOverdue(answer: ProbeAnswer, hopefulAt: number): ProbeAnswer {
  if (answer.kind !== 'pending' || answer.hopelessAfterMs === undefined) return answer;
  return performance.now() - hopefulAt < answer.hopelessAfterMs ? answer : fatal(answer.why);
}

/** The attempt's own end, its time limit, or the abort, whichever is first; a silent peer never holds the gate. */
async function attempt(probe: Probe, signal: AbortSignal): Promise<ProbeAnswer> {
  const limitMs = probe.attemptTimeoutMs ?? attemptTimeoutMs;
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, limitMs);
  signal.addEventListener('abort', end);
  const late = new Promise<ProbeAnswer>(resolve => {
    over.signal.addEventListener('abort', () => resolve(pending(`no answer within ${limitMs} ms`)));
  });
  try {
    return await Promise.race([check(probe, over.signal), late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    end();
  }
}

async function check(probe: Probe, signal: AbortSignal): Promise<ProbeAnswer> {
  try {
    return await probe.check(signal);
  } catch (error) {
    return pending(error instanceof Error ? error.message : String(error));
  }
}
