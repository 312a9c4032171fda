import { randomBytes } from 'node:crypto';

/** The trace of each running test: what a program does with a message that carries it is told under it. */
export class TestTraces {
  readonly #isOn: boolean;
  readonly #running = new Map<object, { readonly trace: string; readonly span: string }>();

  /** @param isOn false where no worker sends spans */
  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  /** A trace of its own for every attempt; undefined where nothing is traced. */
  begin(test: object): string | undefined {
    if (!this.#isOn) return undefined;
    const trace = randomBytes(16).toString('hex');
    this.#running.set(test, { trace, span: randomBytes(8).toString('hex') });
    return trace;
  }

  end(test: object): void {
    this.#running.delete(test);
  }

  /** That of the running test; of concurrent ones none, for whose call it is cannot be told. */
  get current(): string | undefined {
    return this.#only?.trace;
  }

  /**
   * As a header has it.
   *
   * Source: https://www.w3.org/TR/trace-context/#traceparent-header
   */
  get traceparent(): string | undefined {
    const only = this.#only;
    return only && `00-${only.trace}-${only.span}-01`;
  }

  get #only() {
    return this.#running.size === 1 ? [...this.#running.values()][0] : undefined;
  }
}
