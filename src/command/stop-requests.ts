import { constants } from 'node:os';

/** npm hands on the very Ctrl-C the terminal has sent to the whole group already: what comes so soon is not a second one. */
const echoMs = 300;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Who asks a running command to stop, and whether they are in a hurry. */
export interface StopRequests {
  /** Resolves with the first request. */
  readonly asked: Promise<NodeJS.Signals>;
  readonly first: NodeJS.Signals | undefined;
  /** 128 + the number of the signal, as shells count it; 0 when none was asked for. */
  readonly exitCode: number;
  /** Called for a second request. */
  onHurry(listener: () => void): void;
  /** Called when a second request would be taken for one. */
  onHint(listener: () => void): void;
  close(): void;
}

/** Listens from now on; the process stays alive until `close`. */
export function stopRequests(): StopRequests {
  let first: NodeJS.Signals | undefined;
  let atMs = 0;
  let hint: NodeJS.Timeout | undefined;
  let onHint = () => {};
  let onHurry = () => {};
  let resolve: (signal: NodeJS.Signals) => void;
  const asked = new Promise<NodeJS.Signals>(onAsked => {
    resolve = onAsked;
  });
  const note = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = signal;
      atMs = performance.now();
      hint = setTimeout(() => onHint(), echoMs);
      resolve(signal);
    } else if (performance.now() - atMs >= echoMs) onHurry();
  };
  for (const signal of signals) process.on(signal, note);
  const alive = setInterval(() => {}, 2 ** 30);
  return {
    asked,
    get first() {
      return first;
    },
    get exitCode() {
      return first === undefined ? 0 : 128 + constants.signals[first];
    },
    onHint(listener) {
      onHint = listener;
    },
    onHurry(listener) {
      onHurry = listener;
    },
    close() {
      clearInterval(alive);
      clearTimeout(hint);
      for (const signal of signals) process.off(signal, note);
    },
  };
}
