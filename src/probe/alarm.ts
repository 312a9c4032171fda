const alertMs = 200;

/** Wakes those who pause, and keeps them alert for a moment: a new log line is a hint that the worker got somewhere. */
export class Alarm {
  #alertUntil = 0;
  readonly #sleepers = new Set<() => void>();

  ring(): void {
    this.#alertUntil = performance.now() + alertMs;
    for (const wake of this.#sleepers) wake();
  }

  isAlert(): boolean {
    return performance.now() < this.#alertUntil;
  }

  /** Resolves after `ms`, when the alarm rings, or when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake);
      this.#sleepers.add(wake);
    });
  }
}
