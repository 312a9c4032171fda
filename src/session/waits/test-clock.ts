const reserveMs = 250;
const outsideTestsMs = 5_000;

/** Knows how long the test or hook that runs now may still take. */
export class TestClock {
  #endsAtMs: number | undefined;

  begin(timeoutMs: number): void {
    this.#endsAtMs = performance.now() + timeoutMs;
  }

  end(): void {
    this.#endsAtMs = undefined;
  }

  /** The same for what may take as long as it does outside of tests. */
  get limitMs(): number | undefined {
    return this.#endsAtMs === undefined ? undefined : this.timeLeftMs();
  }

  /** Milliseconds a wait may take so that its own message comes before Jest's "Exceeded timeout"; 5 000 outside of tests. */
  timeLeftMs(): number {
    if (this.#endsAtMs === undefined) return outsideTestsMs;
    return Math.max(0, this.#endsAtMs - performance.now() - reserveMs);
  }
}
