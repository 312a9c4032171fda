import type { StateModel, WorkerState } from '../model.ts';
import { describeExit } from './describe-event.ts';
import { numberOf, type RecordedEvent } from './read-events.ts';

/** The states of a worker one after the other; the last lasts until `endMs` unless the worker has ended. */
export function buildStates(events: readonly RecordedEvent[], endMs: number): readonly StateModel[] {
  const states: StateModel[] = [];
  for (const event of events) {
    const next = stateAfter(event);
    const before = states.at(-1);
    if (!next || (before?.state === 'failed' && next.state === 'ended')) continue;
    if (before && before.toMs > event.atMs) states[states.length - 1] = { ...before, toMs: event.atMs };
    const detail = next.detail ?? (next.state === 'ready' ? before?.detail : undefined);
    states.push({
      state: next.state,
      fromMs: event.atMs,
      toMs: isOver(next.state) ? event.atMs : Math.max(event.atMs, endMs),
      ...(detail === undefined ? {} : { detail }),
    });
  }
  return states;
}

function stateAfter({ event, fields }: RecordedEvent): { state: WorkerState; detail?: string } | undefined {
  switch (event) {
    case 'worker.spawned':
      return { state: 'starting', detail: `pid ${numberOf(fields.pid) ?? '?'}` };
    case 'worker.attached':
    case 'worker.ready':
      return { state: 'ready' };
    case 'worker.leased':
      return { state: 'ready', detail: `pid ${numberOf(fields.pid) ?? '?'}` };
    case 'worker.stopping':
      return { state: 'stopping' };
    case 'worker.restarting':
      return { state: 'restarting' };
    case 'worker.failed':
      return { state: 'failed' };
    case 'worker.exited':
      return { state: fields.asked === true ? 'ended' : 'failed', detail: describeExit(fields) };
    default:
      return undefined;
  }
}

function isOver(state: WorkerState): boolean {
  return state === 'ended' || state === 'failed';
}
