import type { WorkerControl } from './runner/worker-control.ts';

/** Where a worker is in its life. */
export type WorkerState = 'waiting' | 'starting' | 'ready' | 'stopping' | 'stopped' | 'exited';

/** Where a worker is in its life, as tests see it. */
export function workerState({ state, lastExit }: WorkerControl): WorkerState {
  switch (state.kind) {
    case 'idle':
      return 'waiting';
    case 'spawning':
    case 'probing':
    case 'asking':
    case 'restarting':
      return 'starting';
    case 'ready':
      return 'ready';
    case 'stopping':
      return lastExit ? 'exited' : 'stopping';
    case 'stopped':
      return 'stopped';
    default:
      return state satisfies never;
  }
}
