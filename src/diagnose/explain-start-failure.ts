import { LiveWorkerError, type LiveWorkerErrorCode } from '../errors.ts';
import { describeCauses } from './describe-causes.ts';
import { describeExit } from './describe-exit.ts';
import { describeFailure } from './describe-failure.ts';
import { describeLeftOverMessages } from './describe-left-over-messages.ts';
import { describeStacks } from './describe-stacks.ts';
import type { Evidence, StartFailure } from './evidence.ts';
import { findCauses } from './find-causes.ts';

/** Turns a failed start into the error the user reads: what failed, the cause, what to change, the last answers, the last lines, where to look on. */
export function explainStartFailure(failure: StartFailure, evidence: Evidence): LiveWorkerError {
  const causes = findCauses(evidence);
  const { code, what } = headline(failure, evidence);
  const unmet = evidence.probes.flatMap(({ probe, answer }) =>
    answer?.kind === 'ready'
      ? []
      : [`  waited for: ${probe}`, `  last seen:  ${answer?.why ?? 'nothing, it was not asked yet'}`],
  );
  const head = [
    `Cannot start worker "${evidence.worker}": ${what}`,
    ...describeCauses(causes),
    ...describeLeftOverMessages(evidence),
    ...(failure.kind === 'timeout' || failure.kind === 'exited' ? unmet.slice(0, 8) : []),
    ...describeStacks(evidence),
  ];
  return new LiveWorkerError(causes[0]?.code ?? code, describeFailure(head, evidence), {
    details: {
      worker: evidence.worker,
      ...(failure.kind === 'exited' ? { exit: failure.exit } : {}),
      probes: evidence.probes.map(({ probe, answer }) => ({ probe, answer })),
      logPaths: evidence.logPaths,
    },
    ...('error' in failure ? { cause: failure.error } : {}),
  });
}

interface Headline {
  readonly code: LiveWorkerErrorCode;
  readonly what: string;
}

function headline(failure: StartFailure, { worker, startTimeoutMs }: Evidence): Headline {
  switch (failure.kind) {
    case 'exited':
      return { code: 'EXITED_BEFORE_READY', what: `it ${describeExit(failure.exit)} before it was ready` };
    case 'timeout':
      return { code: 'START_TIMEOUT', what: `it is alive but not ready after ${startTimeoutMs} ms` };
    case 'probe-fatal':
      return { code: 'NOT_READY', what: failure.why };
    case 'spawn-failed': {
      const reason = failure.error instanceof Error ? failure.error.message : String(failure.error);
      return { code: 'SPAWN_FAILED', what: reason.replace(`Cannot start worker "${worker}": `, '') };
    }
    default:
      return failure satisfies never;
  }
}
