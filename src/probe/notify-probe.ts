import { type Probe, pending, ready } from './probe.ts';

/** Ready when the worker has written to the descriptor it was given. */
export function notifyProbe(isNotified: () => boolean): Probe {
  return {
    description: 'the worker writes a newline to LIVE_WORKER_READY_FD',
    async check() {
      return isNotified() ? ready : pending('it has not written one yet');
    },
  };
}
