const alertMs = 200;

/** Ends the pauses of pollers, and has them ask more often for a moment: a new log line is a hint that the worker got somewhere. */
export class PollWaker {
  #alertUntil = 0;
  readonly #pauses = new Set<() => void>();

  wake(): void {
    this.#alertUntil = performance.now() + alertMs;
    for (const endPause of this.#pauses) endPause();
  }

  isAlert(): boolean {
    return performance.now() < this.#alertUntil;
  }

  /** Resolves after `ms`, when `wake()` is called, or when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const endPause = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', endPause);
        this.#pauses.delete(endPause);
        resolve();
      };
      const timer = setTimeout(endPause, ms);
      signal.addEventListener('abort', endPause);
      this.#pauses.add(endPause);
    });
  }
}
