/** What a queue has to do with a worker that died. */
interface QueueDeath {
  /** The messages that stood on it before that worker was spawned. */
  readonly before: number;
  /** The test files that used the worker. */
  readonly files: readonly string[];
}

/** What stood on each queue before its worker was spawned, and which test files used one that died since. */
export class QueueDeaths {
  readonly #before = new Map<string, number>();
  readonly #files = new Map<string, readonly string[]>();

  /** The first worker on the queue is about to be spawned; what is there now, it finds. */
  noteSpawn(queue: string, messages: number): void {
    this.#before.set(queue, messages);
    this.#files.delete(queue);
  }

  noteDeath(queue: string, files: readonly string[]): void {
    this.#files.set(queue, [...new Set([...(this.#files.get(queue) ?? []), ...files])]);
  }

  /** Others may have had the queue since. */
  forget(queue: string): void {
    this.#files.delete(queue);
  }

  /** Told once; undefined where no worker died. */
  take(queue: string): QueueDeath | undefined {
    const files = this.#files.get(queue);
    this.#files.delete(queue);
    return files && { before: this.#before.get(queue) ?? 0, files };
  }
}
