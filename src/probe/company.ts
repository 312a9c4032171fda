import { fatal, type Probe, type ProbeAnswer } from './probe.ts';

/** How long a worker may take, in milliseconds, for what is left to do when its other probes are satisfied. */
const graceMs = 300;

/** The probes of one launch as each other's company: what waits for the worker's own start waits in vain when that is over. */
export class Company {
  readonly #answers = new Map<Probe, ProbeAnswer | undefined>();
  readonly #isOtherStarting: () => boolean;
  #aloneSince: number | undefined;

  constructor(probes: readonly Probe[], isOtherStarting = () => false) {
    for (const probe of probes) this.#answers.set(probe, undefined);
    this.#isOtherStarting = isOtherStarting;
  }

  /** Turns a pending answer into a fatal one when nothing is left that could change it. */
  judge(probe: Probe, answer: ProbeAnswer): ProbeAnswer {
    this.#answers.set(probe, answer);
    this.#aloneSince = this.#isNothingElseLeft() ? (this.#aloneSince ?? performance.now()) : undefined;
    if (answer.kind !== 'pending' || this.#aloneSince === undefined) return answer;
    return performance.now() - this.#aloneSince < graceMs ? answer : fatal(answer.why);
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
