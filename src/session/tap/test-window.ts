import { machineMs } from '../../tap/flow/machine-clock.ts';

/** Since when what workers do may be the doing of the running test, or hook of all tests. */
export class TestWindow {
  #beganMs = machineMs();
  #number = 0;
  #isTest = false;
  readonly #asked = new Set<string>();
  /** By hooks of all tests. */
  readonly #askedBefore = new Set<string>();

  /** By the clock of the machine. */
  get beganMs(): number {
    return this.#beganMs;
  }

  /** Another for each. */
  get number(): number {
    return this.#number;
  }

  begin({ isTest }: { readonly isTest: boolean }): void {
    this.#beganMs = machineMs();
    this.#number += 1;
    this.#isTest = isTest;
    this.#asked.clear();
  }

  /** A test, or a hook of all tests, looks at a queue or an exchange. */
  noteAsked(name: string): void {
    (this.#isTest ? this.#asked : this.#askedBefore).add(name);
  }

  /** The same for the dead letters of a queue, wherever they are. */
  noteAskedForDead(queue: string): void {
    this.noteAsked(`dead letters of ${queue}`);
  }

  hasAskedForDead(queue: string): boolean {
    return this.hasAsked(`dead letters of ${queue}`);
  }

  hasAsked(name: string): boolean {
    return this.#asked.has(name) || this.#askedBefore.has(name);
  }
}
