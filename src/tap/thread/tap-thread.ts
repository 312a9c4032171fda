import { Journal } from '../flow/journal.ts';
import type { HoldAnswers, HoldQuestion } from '../hold/hold-messages.ts';
import { WorkerHold } from '../hold/worker-hold.ts';
import { openListener, type TapListener } from '../proxy/open-listener.ts';
import { type Upstream, upstreamKey } from '../proxy/upstream.ts';
import type { TapSight } from '../state/tap-sight.ts';
import type { TapOrder, TapReport } from './tap-messages.ts';

export interface TapThreadOptions {
  readonly report: (report: TapReport) => void;
  readonly show: (sight: TapSight) => void;
}

/** All listeners of one worker, by what they lead to. */
export class TapThread {
  readonly #options: TapThreadOptions;
  readonly #journal = new Journal();
  readonly #listeners = new Map<string, Promise<TapListener>>();
  readonly #open = new Map<string, TapListener>();
  readonly #hold: WorkerHold;
  /** Said once each. */
  readonly #said = new Set<string>();

  constructor(options: TapThreadOptions) {
    this.#options = options;
    this.#hold = new WorkerHold((watch, reached) => options.report({ kind: 'reached', watch, reached }));
  }

  obey(order: TapOrder): void {
    switch (order.kind) {
      case 'listen':
        void this.#listen(order.upstream);
        break;
      case 'begin-launch':
        for (const listener of this.#open.values()) listener.beginLaunch();
        break;
      case 'look':
        this.#options.show(this.#sight());
        break;
      case 'begin-test':
        this.#journal.beginTest(order.atMs);
        break;
      case 'read':
        this.#read(order);
        break;
      case 'hold':
        void this.#answer(order.number, order.question);
        break;
      default:
        order satisfies never;
    }
  }

  async #listen(upstream: Upstream): Promise<void> {
    const key = upstreamKey(upstream);
    try {
      const opening =
        this.#listeners.get(key) ??
        openListener(upstream, {
          onNotUnderstood: why => this.#say(key, why),
          journal: this.#journal,
          hold: this.#hold,
        });
      this.#listeners.set(key, opening);
      const listener = await opening;
      this.#open.set(key, listener);
      this.#options.report({ kind: 'listening', key, port: listener.port });
    } catch (error) {
      this.#listeners.delete(key);
      const { code, message } = error as NodeJS.ErrnoException;
      this.#options.report({ kind: 'not-listening', key, why: code ?? message });
    }
  }

  async #answer(number: number, question: HoldQuestion): Promise<void> {
    this.#options.report({ kind: 'answer', number, answer: await this.#ask(question) });
  }

  async #ask(question: HoldQuestion): Promise<HoldAnswers[keyof HoldAnswers]> {
    const hold = this.#hold;
    switch (question.kind) {
      case 'arm':
        return hold.arm(question.watch);
      case 'disarm':
        hold.disarm(question.number);
        return null;
      case 'record':
        return hold.record(question.isOn);
      case 'effects':
        return hold.effectsAfter(question.after);
      case 'cut':
        return hold.cut(question.listeners);
      case 'end-all':
        return hold.endAll(question.limitMs);
      default:
        return question satisfies never;
    }
  }

  #say(key: string, why: string): void {
    const name = `${key} ${why}`;
    if (this.#said.has(name)) return;
    this.#said.add(name);
    this.#options.report({ kind: 'not-understood', key, why });
  }

  #read({ question, after }: Extract<TapOrder, { readonly kind: 'read' }>): void {
    const connections = [...this.#open.values()].flatMap(listener => listener.readings());
    this.#options.report({
      kind: 'reading',
      question,
      reading: this.#journal.read(after, connections),
    });
  }

  #sight(): TapSight {
    const sights = [...this.#open.values()].map(listener => listener.sight());
    return {
      listeners: sights.map(({ listener }) => listener),
      connections: sights.flatMap(({ connections }) => connections),
      refusals: sights.flatMap(({ refusals }) => refusals),
    };
  }
}
