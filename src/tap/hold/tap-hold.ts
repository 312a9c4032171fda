import type { HoldAnswers, HoldQuestion, HoldWatch, Reached } from './hold-messages.ts';

/** What the owner of a tap has done by it, besides looking. */
export interface TapHold {
  /** Resolves when it is armed, with the number of the last effect before: what passes from now on counts. */
  arm(watch: HoldWatch, onReached: (reached: Reached) => void): Promise<number>;
  /** What it kept back goes on. */
  disarm(number: number): Promise<void>;
  /** Rejects when the thread of the tap is gone. */
  ask<Kind extends HoldQuestion['kind']>(
    question: Extract<HoldQuestion, { readonly kind: Kind }>,
  ): Promise<HoldAnswers[Kind]>;
}

/** The owner's side of it. */
export interface HoldDesk extends TapHold {
  answered(number: number, answer: unknown): void;
  reached(watch: number, reached: Reached): void;
  readonly isWaiting: boolean;
  /** The thread is gone. */
  end(error: Error): void;
}

interface Asked {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** @param send hands a question to the thread; @param onWaiting is called when one more, or none any more, waits for its answer */
export function holdDesk(
  send: (number: number, question: HoldQuestion) => void,
  onWaiting: () => void,
): HoldDesk {
  const asked = new Map<number, Asked>();
  const listeners = new Map<number, (reached: Reached) => void>();
  let last = 0;
  let over: Error | undefined;

  const ask = (question: HoldQuestion): Promise<unknown> => {
    if (over) return Promise.reject(over);
    last += 1;
    const number = last;
    return new Promise((resolve, reject) => {
      asked.set(number, { resolve, reject });
      onWaiting();
      send(number, question);
    });
  };
  const take = (number: number): Asked | undefined => {
    const one = asked.get(number);
    asked.delete(number);
    if (asked.size === 0) onWaiting();
    return one;
  };

  return {
    ask: ask as TapHold['ask'],
    async arm(watch, onReached) {
      listeners.set(watch.number, onReached);
      return (await ask({ kind: 'arm', watch })) as number;
    },
    async disarm(number) {
      listeners.delete(number);
      await ask({ kind: 'disarm', number });
    },
    get isWaiting() {
      return asked.size > 0;
    },
    answered: (number, answer) => take(number)?.resolve(answer),
    reached(watch, reached) {
      listeners.get(watch)?.(reached);
      listeners.delete(watch);
    },
    end(error) {
      over = error;
      for (const number of [...asked.keys()]) take(number)?.reject(error);
    },
  };
}
