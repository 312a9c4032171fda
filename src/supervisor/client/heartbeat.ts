const beatMs = 1_000;
const mostSilentBeats = 5;

export interface HeartbeatOptions {
  readonly ping: () => void;
  /** Nothing was heard for five seconds in which this process could have heard it. */
  readonly onSilence: () => void;
  readonly intervalMs?: number;
}

/**
 * Pings while a question waits for its answer. Beats are counted, not time: after its own event loop was blocked, or the machine asleep, a
 * process has one beat behind it and not as many as passed.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #silentBeats = 0;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    this.#silentBeats = 0;
    this.#timer ??= setInterval(() => this.#beat(), this.#options.intervalMs ?? beatMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Something came from the other side. */
  heard(): void {
    this.#silentBeats = 0;
  }

  #beat(): void {
    if (this.#silentBeats === mostSilentBeats) {
      this.stop();
      this.#options.onSilence();
      return;
    }
    this.#silentBeats += 1;
    this.#options.ping();
  }
}
