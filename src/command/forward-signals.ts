import type { ChildProcess } from 'node:child_process';

/** A signal sent to this process alone goes on to the child; Ctrl-C reaches both of them from the terminal. */
export function forwardSignals(child: ChildProcess): { stop(): void } {
  const forward = (signal: NodeJS.Signals) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  for (const signal of signals) process.on(signal, forward);
  return {
    stop() {
      for (const signal of signals) process.off(signal, forward);
    },
  };
}
