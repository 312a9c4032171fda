import type { Probe } from '../../probe/probe.ts';
import { reportProgress } from '../../probe/report-progress.ts';
import { untilReady } from '../../probe/until-ready.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { explainServiceFailure, type ServiceTrouble } from '../../service/explain-service-failure.ts';
import type { ServiceUse } from '../../service/service.ts';
import type { Services } from '../../service/services.ts';
import { maskedProbe } from './masked-probe.ts';
import { describeUnmet, ProbeBoard } from './probe-board.ts';

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
  const askedFor = new Map<string, ServiceUse>(uses.map(use => [`${use.spec.kind} ${use.url}`, use]));
  const probes = [...askedFor.values()].map(
    (use): AimedProbe => [maskedProbe(services.answersProbe(use), options.secrets), use],
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
    if (outcome.kind === 'ready') return;
    const troubles =
      outcome.kind === 'fatal'
        ? probes.flatMap(([probe, use]) =>
            probe === outcome.probe ? [troubleOf(use, outcome.why, services)] : [],
          )
        : troublesLeft(board, probes, services);
    const [first, ...others] = troubles;
    if (!first) return;
    throw explainServiceFailure([first, ...others], outcome.kind === 'fatal' ? undefined : options.timeoutMs);
  } finally {
    clearTimeout(timer);
    progress.stop();
  }
}

function describeWaiting(board: ProbeBoard, seconds: number): string {
  return `no worker is started yet, waiting for ${seconds} s: ${describeUnmet(board)}`;
}

function troubleOf({ worker, spec, source }: ServiceUse, why: string, services: Services): ServiceTrouble {
  return { worker, service: services.kind(spec.kind), source, why };
}

function troublesLeft(
  board: ProbeBoard,
  probes: readonly AimedProbe[],
  services: Services,
): readonly ServiceTrouble[] {
  const answers = board.entries().map(({ answer }) => answer);
  return probes.flatMap(([probe, use], index) => {
    const answer = answers[index];
    return answer?.kind === 'ready'
      ? []
      : [troubleOf(use, answer?.why ?? `${probe.description}: no answer yet`, services)];
  });
}
