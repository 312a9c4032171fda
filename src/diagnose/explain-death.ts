import { LiveWorkerError } from '../errors.ts';
import type { ProcessExit } from '../process/running-worker.ts';
import { describeCauses } from './describe-causes.ts';
import { describeExit } from './describe-exit.ts';
import { describeFailure } from './describe-failure.ts';
import { describeLeftOverMessages } from './describe-left-over-messages.ts';
import type { Evidence } from './evidence.ts';
import { findCauses } from './find-causes.ts';

/** What ran when a worker ended. `justAfter` is the test before, when it may have been that one's doing. */
export type DeathMoment =
  | { readonly kind: 'test'; readonly test: string; readonly justAfter: string | undefined }
  | { readonly kind: 'hook'; readonly hook: string }
  | { readonly kind: 'after'; readonly test: string }
  | { readonly kind: 'none'; readonly last: string | undefined };

/** The error of a worker that ended unasked. */
export function explainDeath(exit: ProcessExit, moment: DeathMoment, evidence: Evidence): LiveWorkerError {
  const who =
    evidence.holder === undefined
      ? 'and live-worker did not stop it'
      : `and this test file did not start it: live-worker run, pid ${evidence.holder}, held it`;
  const head = [
    `Worker "${evidence.worker}" ${describeExit(exit)} ${describeMoment(moment)}, ${who}`,
    ...describeCauses(findCauses(evidence)),
    ...describeLeftOverMessages(evidence),
  ];
  return new LiveWorkerError('WORKER_EXITED', describeFailure(head, evidence), {
    details: {
      worker: evidence.worker,
      exit,
      during: moment.kind === 'test' ? moment.test : null,
      since: describeSince(moment),
      logPaths: evidence.logPaths,
    },
  });
}

/** One line for every failure after the end was told. */
export function explainDeadWorker(death: LiveWorkerError): LiveWorkerError {
  const { worker, exit, since, maxLogBytes } = death.details as {
    readonly worker: string;
    readonly exit?: ProcessExit;
    readonly since: string;
    readonly maxLogBytes?: number;
  };
  const how = describeEnd(exit, maxLogBytes);
  return new LiveWorkerError(death.code, `Worker "${worker}" is dead since ${since}: ${how}, see there`, {
    details: death.details,
  });
}

function describeEnd(exit: ProcessExit | undefined, maxLogBytes: number | undefined): string {
  if (maxLogBytes !== undefined) return `it wrote more than the ${maxLogBytes} bytes of maxLogBytes`;
  return exit ? `it ${describeExit(exit)}` : 'it could not be started again';
}

export function describeMoment(moment: DeathMoment): string {
  switch (moment.kind) {
    case 'test':
      return moment.justAfter === undefined
        ? `during the test "${moment.test}"`
        : `during the test "${moment.test}", which had just begun, or just after the test "${moment.justAfter}"`;
    case 'hook':
      return `during ${article(moment.hook)} ${moment.hook} hook`;
    case 'after':
      return `during or just after the test "${moment.test}"`;
    case 'none':
      return 'while no test ran';
    default:
      return moment satisfies never;
  }
}

export function describeSince(moment: DeathMoment): string {
  switch (moment.kind) {
    case 'test':
    case 'after':
      return `the test "${moment.test}"`;
    case 'hook':
      return `${article(moment.hook)} ${moment.hook} hook`;
    case 'none':
      return moment.last === undefined
        ? 'before the first test'
        : `some time after the test "${moment.last}"`;
    default:
      return moment satisfies never;
  }
}

function article(hook: string): string {
  return hook.startsWith('a') ? 'an' : 'a';
}
