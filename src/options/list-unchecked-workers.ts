import { isObject } from './schema/container-schemas.ts';

export type UncheckedWorker = readonly [name: string, worker: Readonly<Record<string, unknown>>];

/** What stands under `workers` and can be a worker, each still unchecked. */
export function listUncheckedWorkers(options: unknown): readonly UncheckedWorker[] {
  if (!isObject(options) || !isObject(options.workers)) return [];
  return Object.entries(options.workers).map(([name, worker]) => [name, isObject(worker) ? worker : {}]);
}

/** What stands under an option that should be an array. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
