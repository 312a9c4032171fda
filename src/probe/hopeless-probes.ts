import { fatal, type Probe, type ProbeAnswer } from './probe.ts';

/** How long a worker may take, in milliseconds, for what is left to do when its other probes are satisfied. */
const graceMs = 300;

/** Tells which probes of a launch wait in vain: those for something the worker's own start brings about, once that start is over. */
export class HopelessProbes {
  readonly #answers = new Map<Probe, ProbeAnswer | undefined>();
  readonly #isOtherStarting: () => boolean;
  #nothingElseLeftSince: number | undefined;

  constructor(probes: readonly Probe[], isOtherStarting = () => false) {
    for (const probe of probes) this.#answers.set(probe, undefined);
    this.#isOtherStarting = isOtherStarting;
  }

  /** Turns a pending answer into a fatal one when nothing is left that could change it. */
  fatalIfHopeless(probe: Probe, answer: ProbeAnswer): ProbeAnswer {
    this.#answers.set(probe, answer);
    this.#nothingElseLeftSince = this.#isNothingElseLeft()
      ? (this.#nothingElseLeftSince ?? performance.now())
      : undefined;
    if (answer.kind !== 'pending' || this.#nothingElseLeftSince === undefined) return answer;
    return performance.now() - this.#nothingElseLeftSince < graceMs ? answer : fatal(answer.why);
  }

  #isNothingElseLeft(): boolean {
    const answers = [...this.#answers.values()];
    const isOver = (answer?: ProbeAnswer) =>
      answer?.kind === 'ready' || (answer?.kind === 'pending' && answer.isHopelessAlone === true);
    return (
      answers.some(answer => answer?.kind === 'ready') && answers.every(isOver) && !this.#isOtherStarting()
    );
  }
}
