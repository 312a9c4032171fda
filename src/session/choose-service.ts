import { LiveWorkerError } from '../errors.ts';
import { tlsFilesOf } from '../service/rabbitmq/tls-options.ts';
import { brokerUrl, databaseUrl } from '../service/service-url.ts';
import { servicesUsed } from '../service/service-uses.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import type { ServiceChoice } from './contract.ts';
import { findWorker } from './find-worker.ts';
import type { TestFileSession } from './test-file-session.ts';

/** @throws ENV_MISSING, WORKER_UNKNOWN */
export function chooseBroker(session: TestFileSession, choice: ServiceChoice): string {
  const url =
    choice.url === undefined
      ? choose(session, choice, 'rabbitmq', env => brokerUrl(undefined, env, 'rabbitmq()'))
      : brokerUrl(choice.url, {}, 'rabbitmq()');
  const plan = candidatesFor(session, choice).find(({ prepared }) => prepared)?.prepared?.plan;
  session.services.broker(url, plan && tlsFilesOf(plan.env, plan.cwd));
  return url;
}

/** @throws ENV_MISSING, WORKER_UNKNOWN */
export function chooseDatabase(session: TestFileSession, choice: ServiceChoice): string {
  if (choice.url !== undefined) return databaseUrl(choice.url, {}, 'postgres()');
  return choose(session, choice, 'postgres', env =>
    databaseUrl(undefined, env, 'postgres()', folderOf(session, env)),
  );
}

/** Where the worker with that environment runs: paths in it count from there. */
function folderOf({ workers }: TestFileSession, env: Readonly<Record<string, string>>): string {
  return [...workers.values()].find(({ prepared }) => prepared?.plan.env === env)?.prepared?.plan.cwd ?? '.';
}

/** What a probe is aimed at comes first, then what the environment of a worker says. */
function choose(
  session: TestFileSession,
  choice: ServiceChoice,
  kind: 'rabbitmq' | 'postgres',
  fromEnvironment: (env: Readonly<Record<string, string>>) => string,
): string {
  const candidates = candidatesFor(session, choice);
  const probed = candidates.map(candidate => usedUrl(candidate, kind)).find(url => url !== undefined);
  if (probed !== undefined) return probed;
  const [first] = candidates;
  if (!first) {
    throw new LiveWorkerError(
      'ENV_MISSING',
      `Cannot tell which server ${kind}() is about: this test file has no worker\nGive ${kind}({ url })`,
    );
  }
  const environments = candidates.map(candidate => candidate.prepared?.plan.env ?? {});
  return firstThatWorks(environments, fromEnvironment);
}

function candidatesFor(session: TestFileSession, { worker }: ServiceChoice): readonly SessionWorker[] {
  return worker === undefined ? [...session.workers.values()] : [findWorker(session, worker)];
}

function usedUrl({ prepared }: SessionWorker, kind: 'rabbitmq' | 'postgres'): string | undefined {
  return prepared && servicesUsed(prepared).find(use => use.kind === kind)?.url;
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
