import type { VariableOrigin, WithheldVariable } from '../plan.ts';

/** A variable of the worker, and the layer that set it. */
export interface OriginatedVariable {
  readonly value: string;
  readonly origin: VariableOrigin;
}

/** The environment while its layers are laid over each other: what is set, and what was taken away. */
export class VariableTable {
  readonly #variables = new Map<string, OriginatedVariable>();
  readonly #withheld = new Map<string, WithheldVariable>();

  set(name: string, value: string, origin: VariableOrigin): void {
    this.#withheld.delete(name);
    this.#variables.set(name, { value, origin });
  }

  withhold(name: string, why: WithheldVariable['why'], value?: string): void {
    if (why.startsWith('unset') && !this.#variables.delete(name)) return;
    this.#withheld.set(name, { name, why, ...(value !== undefined && { value }) });
  }

  get(name: string): OriginatedVariable | undefined {
    return this.#variables.get(name);
  }

  /** Name and value only. */
  values(): Map<string, string> {
    return new Map([...this.#variables].map(([name, { value }]) => [name, value]));
  }

  origins(): ReadonlyMap<string, VariableOrigin> {
    return new Map([...this.#variables].map(([name, { origin }]) => [name, origin]));
  }

  withheld(): readonly WithheldVariable[] {
    return [...this.#withheld.values()];
  }
}
