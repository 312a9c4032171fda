import { describeAddress, parseBrokerUrl } from '../broker-address.ts';

/** How many consumers a queue has without a worker, as far as this test file knows: strangers, and its other workers. */
export class ExpectedConsumers {
  readonly #strangers = new Map<string, number>();
  readonly #leftOver = new Map<string, number>();
  readonly #missing = new Set<string>();
  readonly #ours = new Map<string, Map<string, number>>();

  /** Consumers on a queue that are not the worker's: strangers and the other workers of this file. */
  othersOn(queue: string, worker: string): number {
    let count = this.#strangers.get(queue) ?? 0;
    for (const [name, consumers] of this.#ours.get(queue) ?? []) if (name !== worker) count += consumers;
    return count;
  }

  /** Consumers of this file's workers on a queue, without those of the worker. */
  oursOn(queue: string, worker: string): number {
    return this.othersOn(queue, worker) - (this.#strangers.get(queue) ?? 0);
  }

  noteStrangers(queue: string, count: number): void {
    this.#strangers.set(queue, count);
  }

  /** Messages that stood on a queue before the first worker of this file that consumes from it was started. */
  leftOverOn(queue: string): number {
    return this.#leftOver.get(queue) ?? 0;
  }

  noteLeftOver(queue: string, messages: number): void {
    this.#leftOver.set(queue, messages);
  }

  /** True when it was not there before the first worker of this file that consumes from it was started. */
  wasMissing(queue: string): boolean {
    return this.#missing.has(queue);
  }

  noteMissing(queue: string): void {
    this.#missing.add(queue);
  }

  expect(queue: string, worker: string, consumers: number): void {
    const workers = this.#ours.get(queue) ?? new Map<string, number>();
    this.#ours.set(queue, workers.set(worker, consumers));
  }

  forget(worker: string): void {
    for (const workers of this.#ours.values()) workers.delete(worker);
  }
}

/** A queue is one only together with its broker and vhost. */
export function queueKey(url: string, queue: string): string {
  const { vhost, ...address } = parseBrokerUrl(url);
  return `${describeAddress(address)}/${vhost}#${queue}`;
}
