import type { Probe } from '../../probe/probe.ts';
import { reportProgress } from '../../probe/report-progress.ts';
import { untilReady } from '../../probe/until-ready.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { explainServiceFailure, type ServiceTrouble } from '../../service/explain-service-failure.ts';
import { databaseAnswersProbe } from '../../service/postgres/postgres-probe.ts';
import { brokerAnswersProbe } from '../../service/rabbitmq/rabbitmq-probe.ts';
import type { ServiceUse } from '../../service/service-uses.ts';
import type { Services } from '../../service/services.ts';
import { maskedProbe } from './masked-probe.ts';
import { ProbeBoard } from './probe-board.ts';

export interface PreflightOptions {
  /** For services that may still come up, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
}

type AimedProbe = readonly [Probe, ServiceUse];

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
  options.secrets.note(uses.map(({ url }) => ['url', url]));
  const askedFor = new Map<string, ServiceUse>(uses.map(use => [`${use.kind} ${use.url}`, use]));
  const probes = [...askedFor.values()].map(
    (use): AimedProbe => [maskedProbe(answersProbe(use, services), options.secrets), use],
  );
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
    if (outcome.kind === 'fatal')
      throw explainServiceFailure([troubleOf(outcome.probe, outcome.why, probes)]);
    if (outcome.kind === 'aborted')
      throw explainServiceFailure(troublesLeft(board, probes), options.timeoutMs);
  } finally {
    clearTimeout(timer);
    progress.stop();
  }
}

function answersProbe(use: ServiceUse, services: Services): Probe {
  if (use.kind === 'rabbitmq') return brokerAnswersProbe(services.broker(use.url, use.tls));
  return databaseAnswersProbe(services.database(use.url));
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

function troubleOf(probe: Probe, why: string, probes: readonly AimedProbe[]): ServiceTrouble {
  const use = probes.find(([candidate]) => candidate === probe)?.[1];
  return { worker: use?.worker ?? '', kind: use?.kind ?? 'rabbitmq', source: use?.source ?? '', why };
}

function troublesLeft(board: ProbeBoard, probes: readonly AimedProbe[]): readonly ServiceTrouble[] {
  const answers = board.entries().map(({ answer }) => answer);
  return probes.flatMap(([probe], index) => {
    const answer = answers[index];
    return answer?.kind === 'ready'
      ? []
      : [troubleOf(probe, answer?.why ?? `${probe.description}: no answer yet`, probes)];
  });
}
