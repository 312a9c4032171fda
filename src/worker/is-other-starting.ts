import type { SessionWorker } from './session-worker.ts';

type Workers = ReadonlyMap<string, Pick<SessionWorker, 'spec' | 'runner'>>;

/** True while a worker other than this one is on its way, and not waiting for this one by `after`. */
export function isOtherStarting(workers: Workers, name: string): boolean {
  return [...workers.values()].some(
    ({ spec, runner }) =>
      spec.name !== name && isOnItsWay(runner.state.kind) && !isBehind(spec.name, name, workers),
  );
}

function isOnItsWay(kind: SessionWorker['runner']['state']['kind']): boolean {
  return kind === 'idle' || kind === 'spawning' || kind === 'probing' || kind === 'restarting';
}

/** Cycles of `after` are refused with the options. */
function isBehind(one: string, other: string, workers: Workers): boolean {
  const after = workers.get(one)?.spec.after ?? [];
  return after.some(name => name === other || isBehind(name, other, workers));
}
