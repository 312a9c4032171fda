import { LiveWorkerError } from '../errors.ts';
import { databaseAnswersProbe } from '../probe/postgres/postgres-probe.ts';
import type { Probe } from '../probe/probe.ts';
import { brokerAnswersProbe } from '../probe/rabbitmq/rabbitmq-probe.ts';
import { untilReady } from '../probe/until-ready.ts';
import { ProbeBoard } from './probe-board.ts';
import { reportProgress } from './progress.ts';
import type { ServiceUse } from './service-uses.ts';
import type { Services } from './services.ts';

export interface PreflightOptions {
  /** For services that may still come up, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until every service the probes name accepts the login the worker will use.
 *
 * @throws SERVICE_UNAVAILABLE at once when waiting does not help, else when the time is over.
 */
export async function preflight(
  uses: readonly ServiceUse[],
  services: Services,
  options: PreflightOptions,
): Promise<void> {
  if (uses.length === 0) return;
  const askedFor = new Map<string, ServiceUse>(uses.map(use => [`${use.kind} ${use.url}`, use]));
  const probes = [...askedFor.values()].map(use => [answersProbe(use, services), use] as const);
  const board = new ProbeBoard();
  board.reset(probes.map(([probe]) => probe));
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), options.timeoutMs);
  const progress = reportProgress(seconds => describeWaiting(board, seconds));
  try {
    const outcome = await untilReady(
      probes.map(([probe]) => probe),
      {
        signal: AbortSignal.any([deadline.signal, options.signal]),
        onAnswer: (probe, answer) => board.note(probe, answer),
      },
    );
    options.signal.throwIfAborted();
    if (outcome.kind === 'fatal') throw unavailable(workerOf(outcome.probe, probes), outcome.why);
    if (outcome.kind === 'aborted')
      throw unavailableInTime(board, probes[0]?.[1].worker ?? '', options.timeoutMs);
  } finally {
    clearTimeout(timer);
    progress.stop();
  }
}

function answersProbe(use: ServiceUse, services: Services): Probe {
  if (use.kind === 'rabbitmq') return brokerAnswersProbe(services.broker(use.url));
  return databaseAnswersProbe(services.database(use.url));
}

function workerOf(probe: Probe, probes: readonly (readonly [Probe, ServiceUse])[]): string {
  return probes.find(([candidate]) => candidate === probe)?.[1].worker ?? '';
}

function describeWaiting(board: ProbeBoard, seconds: number): string {
  return `no worker is started yet, waiting for ${seconds} s: ${describeUnmet(board)}`;
}

function describeUnmet(board: ProbeBoard): string {
  return board
    .entries()
    .flatMap(({ probe, answer }) =>
      answer?.kind === 'ready' ? [] : [answer?.why ?? `${probe}: no answer yet`],
    )
    .join('; ');
}

function unavailable(worker: string, why: string): LiveWorkerError {
  return new LiveWorkerError('SERVICE_UNAVAILABLE', `Cannot start worker "${worker}": ${why}`, {
    details: { worker, why },
  });
}

function unavailableInTime(board: ProbeBoard, worker: string, timeoutMs: number): LiveWorkerError {
  return unavailable(worker, `${describeUnmet(board)}, for ${timeoutMs} ms`);
}
