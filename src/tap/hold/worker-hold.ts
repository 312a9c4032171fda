import { setTimeout as sleep } from 'node:timers/promises';
import type { AmqpEvent } from '../amqp/amqp-event.ts';
import type { PostgresEvent } from '../postgres/postgres-event.ts';
import type { ConnectionGate, Judge } from './connection-gate.ts';
import { isWanted } from './crash-point.ts';
import { type Effect, effectSight } from './effect.ts';
import { EffectLog } from './effect-log.ts';
import type { EffectsSince, HoldWatch, Reached } from './hold-messages.ts';

interface Watching {
  readonly watch: HoldWatch;
  /** Effects it was wanted for. */
  seen: number;
  /** That it is for. */
  target: Effect | undefined;
}

/** An effect that its service has not answered. */
interface Unanswered {
  readonly effect: Effect;
  readonly gate: ConnectionGate;
}

/** All connections of one worker: lets it crash at a point, of which nothing behind it leaks on. */
export class WorkerHold implements Judge {
  readonly #report: (number: number, reached: Reached) => void;
  readonly #gates = new Set<ConnectionGate>();
  readonly #watchings = new Map<number, Watching>();
  #unanswered: readonly Unanswered[] = [];
  #log: EffectLog | undefined;
  #isRecording = false;
  #isFrozen = false;

  /** @param report is told once for each watch whose point was reached */
  constructor(report: (number: number, reached: Reached) => void) {
    this.#report = report;
  }

  get isWatching(): boolean {
    return this.#watchings.size > 0 || this.#isRecording;
  }

  /** True from the crash on, until all it left behind is gone: nobody is let in. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  add(gate: ConnectionGate): void {
    this.#gates.add(gate);
  }

  /** @returns the number of the last effect before */
  arm(watch: HoldWatch): number {
    const log = this.#noteOn();
    this.#watchings.set(watch.number, { watch, seen: 0, target: undefined });
    return log.last;
  }

  disarm(number: number): void {
    const watching = this.#watchings.get(number);
    this.#watchings.delete(number);
    if (watching?.target) this.#letGo(watching.target);
    this.#lookAway();
  }

  /** Notes what the worker does also where nothing is armed, until it is told not to. @returns the number of the last effect before */
  record(isOn: boolean): number {
    const last = isOn ? this.#noteOn().last : 0;
    this.#isRecording = isOn;
    this.#lookAway();
    return last;
  }

  effectsAfter(number: number): EffectsSince {
    return this.#log?.after(number) ?? { last: 0, effects: [] };
  }

  /** Resets the connections to these listeners. @returns how many there were */
  cut(listeners: readonly string[]): number {
    const cut = [...this.#gates].filter(gate => listeners.includes(gate.listener) && !gate.isClosed);
    for (const gate of cut) gate.cut();
    return cut.length;
  }

  /** When the worker is dead: ends what is left of it at its services. @returns the listeners whose service does not let go in time */
  async endAll(limitMs: number): Promise<readonly string[]> {
    const left = new Set(this.#gates);
    const ending = [...left].map(async gate => {
      await gate.end();
      left.delete(gate);
    });
    const limit = new AbortController();
    await Promise.race([
      Promise.all(ending),
      sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {}),
    ]);
    limit.abort();
    for (const gate of this.#gates) if (!left.has(gate)) this.#gates.delete(gate);
    this.#isFrozen = false;
    return [...left].map(({ listener }) => listener);
  }

  stopsBefore(effect: Effect, gate: ConnectionGate): boolean {
    for (const watching of this.#watchings.values()) {
      const { watch } = watching;
      if (watching.target || !isMeantBy(watch, effect, gate)) continue;
      watching.seen += 1;
      if (watch.kind === 'crash' && watching.seen !== watch.point.nth) continue;
      watching.target = effect;
      if (watch.kind === 'lose-answer' || watch.point.when === 'after') continue;
      this.#crash(watching, effect);
      return true;
    }
    return false;
  }

  hasPassed(effect: Effect, gate: ConnectionGate): void {
    this.#log?.note(effect, this.#openMessages());
    if (effect.answer) this.#unanswered = [...this.#unanswered, { effect, gate }];
    const watching = this.#watchingOf(effect);
    if (watching?.watch.kind === 'lose-answer') {
      gate.hold('client');
      gate.keepAnswers();
    } else if (watching && effect.answer) for (const one of this.#gates) one.hold('client');
    else if (watching) this.#crash(watching, effect);
  }

  hear(event: AmqpEvent | PostgresEvent, gate: ConnectionGate): void {
    if (this.#unanswered.length === 0) return;
    for (const { effect, gate: of } of this.#unanswered) {
      const verdict = of === gate && effect.answer ? gate.judgeAnswer(effect.answer, event) : undefined;
      if (verdict) this.#answered(effect, gate, verdict);
    }
  }

  isClosed(gate: ConnectionGate): void {
    for (const { effect, gate: of } of this.#unanswered)
      if (of === gate) this.#answered(effect, gate, 'unknown');
    if (gate.isClosed && !this.#isFrozen) this.#gates.delete(gate);
  }

  #answered(effect: Effect, gate: ConnectionGate, verdict: 'taken' | 'refused' | 'unknown'): void {
    this.#unanswered = this.#unanswered.filter(one => one.effect !== effect);
    if (verdict === 'refused') this.#log?.forget(effect);
    const watching = this.#watchingOf(effect);
    if (!watching) return;
    if (verdict !== 'taken') {
      watching.target = undefined;
      watching.seen -= 1;
      this.#letGo(effect, gate);
    } else if (watching.watch.kind === 'crash') this.#crash(watching, effect);
    else {
      this.#reach(watching, effect);
      gate.loseAnswer();
    }
  }

  #crash(watching: Watching, effect: Effect): void {
    this.#isFrozen = true;
    for (const gate of this.#gates) gate.freeze();
    this.#unanswered = [];
    this.#reach(watching, effect);
  }

  #reach({ watch }: Watching, effect: Effect): void {
    this.#watchings.delete(watch.number);
    const flights = [...this.#gates].filter(gate => !gate.isClosed).map(gate => gate.effects.inFlight());
    const messages = flights.flatMap(flight => flight.messages).map(effectSight);
    const isMessage = effect.kind === 'ack' || effect.kind === 'deliver';
    const message = isMessage ? effectSight(effect) : messages.length === 1 ? messages[0] : undefined;
    this.#report(watch.number, {
      effect: effectSight(effect),
      message,
      inFlight: { messages, transactions: flights.flatMap(({ transactions }) => transactions) },
      atMs: performance.now(),
    });
  }

  /** It did not come about after all: what was kept back goes on. */
  #letGo(effect: Effect, of?: ConnectionGate): void {
    const gates = of ? [of, ...this.#gates] : this.#gates;
    if (this.#isFrozen || !effect.answer) return;
    for (const gate of gates) {
      gate.giveAnswers();
      gate.release('client');
    }
  }

  /** Where nothing was watched, what was noted is over. */
  #noteOn(): EffectLog {
    const log = this.isWatching && this.#log ? this.#log : new EffectLog();
    this.#log = log;
    return log;
  }

  #openMessages(): number {
    return [...this.#gates].reduce((sum, gate) => sum + gate.effects.inFlight().messages.length, 0);
  }

  #watchingOf(effect: Effect): Watching | undefined {
    return [...this.#watchings.values()].find(({ target }) => target === effect);
  }

  /** Where nothing is wanted any more. What was noted can be asked for until it is noted anew. */
  #lookAway(): void {
    if (this.isWatching) return;
    for (const gate of this.#gates) gate.stopJudging();
  }
}

function isMeantBy(watch: HoldWatch, effect: Effect, { listener }: ConnectionGate): boolean {
  if (watch.kind === 'crash') return isWanted(effect, watch.point);
  return watch.listeners.includes(listener) && isWanted(effect, { effect: 'commit', ...watch.wanted });
}
