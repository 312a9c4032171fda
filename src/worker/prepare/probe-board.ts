import type { Probe, ProbeAnswer } from '../../probe/probe.ts';
import type { ProbeTarget } from '../../probe/probe-target.ts';

/** The last answer of every probe of a launch: what progress lines and failures quote. */
export class ProbeBoard {
  readonly #answers = new Map<Probe, ProbeAnswer | undefined>();
  readonly #onAnswer: ((answer: ProbeAnswer, probe: Probe) => void) | undefined;

  constructor(onAnswer?: (answer: ProbeAnswer, probe: Probe) => void) {
    this.#onAnswer = onAnswer;
  }

  reset(probes: readonly Probe[]): void {
    this.#answers.clear();
    for (const probe of probes) this.#answers.set(probe, undefined);
  }

  note(probe: Probe, answer: ProbeAnswer): void {
    this.#answers.set(probe, answer);
    this.#onAnswer?.(answer, probe);
  }

  /** In the order the probes were written. */
  entries(): readonly {
    readonly probe: string;
    readonly answer: ProbeAnswer | undefined;
    readonly target?: ProbeTarget | undefined;
  }[] {
    return [...this.#answers].map(([{ description, target }, answer]) => ({
      probe: description,
      answer,
      ...(target ? { target } : {}),
    }));
  }
}

/** What probes that are not satisfied have said last, in a line; nothing where all are, or none is asked yet. */
export function describeUnmet(board: ProbeBoard): string {
  return board
    .entries()
    .flatMap(({ probe, answer }) =>
      answer?.kind === 'ready' ? [] : [answer?.why ?? `${probe}: no answer yet`],
    )
    .join('; ');
}
