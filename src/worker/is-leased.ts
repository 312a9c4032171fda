import type { WorkerSpec } from '../options/options.ts';

/** True for a worker that lives as long as the run, unless it is only attached to. */
export function isLeased({ scope, attach }: Pick<WorkerSpec, 'scope' | 'attach'>): boolean {
  return scope === 'run' && !attach;
}
