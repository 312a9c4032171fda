import type { ServerPlan } from '../server-plan.ts';
import type { HeldProcess } from './held-process.ts';

/** Who undoes a server when the process that holds it cannot. */
export interface ServerWatch {
  /** Before anything of it is made. */
  begin(plan: ServerPlan): void;
  watch(held: HeldProcess, signal: NodeJS.Signals): void;
  forget(held: HeldProcess): void;
  /** Nothing of it is left. */
  end(): void;
}
