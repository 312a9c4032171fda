import { LiveWorkerError } from '../errors.ts';
import { didYouMean } from '../text/find-nearest-name.ts';
import { notShared } from '../worker/runner/shared-errors.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import type { TestFileSession } from './test-file-session.ts';

/** @throws WORKER_UNKNOWN with the names this file has, those it could have, and how it gets them. */
export function findWorker(session: TestFileSession, name: string): SessionWorker {
  const worker = session.workers.get(name);
  if (worker) return worker;
  const own = [...session.workers.keys()];
  const { defined } = session;
  const lines = [
    `This test file has no worker "${name}": it has ${own.length === 0 ? 'none' : list(own)}`,
    ...whatToDo(name, own, defined),
  ];
  throw new LiveWorkerError('WORKER_UNKNOWN', lines.join('\n'), {
    details: { asked: name, workers: own, defined },
  });
}

function whatToDo(name: string, own: readonly string[], defined: readonly string[]): readonly string[] {
  if (defined.length === 0) return ['Define workers in testEnvironmentOptions'];
  if (defined.includes(name))
    return [
      `The configuration defines ${list(defined)}: choose "${name}" by the pragma "@live-worker ${name}" in the file's first comment, or leave the pragma out to have all`,
    ];
  const nearest = didYouMean(name, defined);
  if (defined.every(other => own.includes(other))) return nearest ? [`D${nearest.slice(1)}`] : [];
  return [`The configuration defines ${[list(defined), nearest].filter(Boolean).join(', ')}`];
}

function list(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ');
}

/** @throws WORKER_ATTACHED, WORKER_SHARED */
export function startedHere(worker: SessionWorker, action: string): SessionWorker {
  if (worker.holder === 'run') throw notShared(worker.spec.name, action);
  if (!worker.spec.attach) return worker;
  const { name } = worker.spec;
  throw new LiveWorkerError(
    'WORKER_ATTACHED',
    `Cannot ${action} worker "${name}": this file did not start it, it only attached to it\nTests that ${action} it need it without attach and without LIVE_WORKER_ATTACH`,
    { details: { worker: name, action } },
  );
}
