import { LiveWorkerError } from '../errors.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import type { ServiceChoice } from './contract.ts';
import { findWorker } from './find-worker.ts';
import type { TestFileSession } from './test-file-session.ts';

/**
 * The URL of the service a fixture talks to: the one given; else what a probe is aimed at; else what the environment of a
 * worker says.
 *
 * @throws ENV_MISSING, OPTIONS_INVALID, WORKER_UNKNOWN
 */
export function chooseService(session: TestFileSession, kind: string, choice: ServiceChoice): string {
  const candidates = candidatesFor(session, choice);
  const plans = candidates.flatMap(({ prepared }) => prepared?.plan ?? []);
  const url =
    choice.url === undefined ? fromWorkers(session, kind, candidates) : given(session, kind, choice.url);
  if (plans[0]) session.services.client(kind).trustAs?.(url, plans[0]);
  return url;
}

function given({ services }: TestFileSession, kind: string, url: string): string {
  return services.kind(kind).locate(url, { env: {}, cwd: '.', where: `${kind}()` }).url;
}

function fromWorkers(
  { services }: TestFileSession,
  kind: string,
  candidates: readonly SessionWorker[],
): string {
  const probed = candidates
    .flatMap(({ prepared }) => prepared?.uses ?? [])
    .find(({ spec }) => spec.kind === kind);
  if (probed) return probed.url;
  if (candidates.length === 0) {
    throw new LiveWorkerError(
      'ENV_MISSING',
      `Cannot tell which server ${kind}() is about: this test file has no worker\nGive ${kind}({ url })`,
    );
  }
  const plans = candidates.map(({ prepared }) => prepared?.plan);
  return firstThatWorks(
    plans,
    plan =>
      services.kind(kind).locate(undefined, { env: {}, cwd: '.', ...placeOf(plan), where: `${kind}()` }).url,
  );
}

function placeOf(plan: LaunchPlan | undefined) {
  return plan && { env: plan.env, cwd: plan.cwd };
}

function candidatesFor(session: TestFileSession, { worker }: ServiceChoice): readonly SessionWorker[] {
  return worker === undefined ? [...session.workers.values()] : [findWorker(session, worker)];
}

function firstThatWorks<T>(values: readonly T[], work: (value: T) => string): string {
  let failure: unknown;
  for (const value of values) {
    try {
      return work(value);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}
