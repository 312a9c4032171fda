import type { Probe, ProbeAnswer } from '../probe/probe.ts';

/** The last answer of every probe of a launch: what progress lines and failures quote. */
export class ProbeBoard {
  readonly #answers = new Map<Probe, ProbeAnswer | undefined>();

  reset(probes: readonly Probe[]): void {
    this.#answers.clear();
    for (const probe of probes) this.#answers.set(probe, undefined);
  }

  note(probe: Probe, answer: ProbeAnswer): void {
    this.#answers.set(probe, answer);
  }

  /** In the order the probes were written. */
  entries(): readonly { readonly probe: string; readonly answer: ProbeAnswer | undefined }[] {
    return [...this.#answers].map(([probe, answer]) => ({ probe: probe.description, answer }));
  }
}
