import type { QueueAddress, WaitingMessages } from '../../service/service.ts';
import { machineMs } from '../../tap/flow/machine-clock.ts';
import { SettleWatch } from '../../tap/settled/settle-watch.ts';
import { TrafficFilter } from '../../tap/settled/traffic-filter.ts';
import type { Blind, Delayed, Unsettled } from '../../tap/settled/unsettled.ts';
import { pidOfConnection } from '../../worker/tap-holder.ts';
import { chooseService } from '../choose-service.ts';
import type { SettleOptions } from '../contract.ts';
import type { TestFileSession } from '../test-file-session.ts';
import { findEarlyTasks } from './early-tasks.ts';
import { blindError, delayedError, notSettled, tapGone } from './settle-errors.ts';
import { type TappedWorker, tappedWorkers } from './tapped-workers.ts';
import type { TestWindow } from './test-window.ts';
import { watchedPlaces } from './watched-places.ts';

/** Between two looks, in milliseconds. */
const pauseMs = 20;
/** Who asks for so much quiet has taken into account what cannot be seen. */
const blindQuietMs = 1_000;

/** What goes on beside what is open, where it may be why. */
const mostBusy = 2;
const often = 5;

function isOften(one: Unsettled): boolean {
  return one.kind === 'busy' && one.times >= often;
}

interface Watched extends TappedWorker {
  readonly watch: SettleWatch;
}

/** One call of `settled()`. */
export class SettleWait {
  readonly #session: TestFileSession;
  readonly #options: Required<SettleOptions>;
  readonly #watched: readonly Watched[];
  readonly #startedMs = machineMs();
  readonly #scope: number;
  /** Since when each queue has messages that nobody consumes. */
  readonly #waitingSince = new Map<string, number>();
  #ready: readonly Unsettled[] = [];
  #passing: readonly Delayed[] = [];

  /** @throws TAP_NEEDED */
  constructor(session: TestFileSession, options: Required<SettleOptions>) {
    this.#session = session;
    this.#options = options;
    this.#scope = session.tests.scope;
    const { beganMs } = session.window;
    this.#watched = tappedWorkers(session.workers, 'settled()').map(({ worker, tap }) => ({
      worker,
      tap,
      watch: new SettleWatch({
        worker: worker.spec.name,
        beganMs,
        waitsSinceMs: this.#startedMs,
        filter: new TrafficFilter(worker.spec.tapIgnore),
        isDelayIgnored: options.delayed === 'ignore',
      }),
    }));
  }

  /** @throws NOT_SETTLED, SETTLED_BLIND, BROKER_REFUSED, SERVICE_UNAVAILABLE; the verdict on the test */
  async untilSettled(): Promise<void> {
    const { timeoutMs, quietMs } = this.#options;
    const deadlineMs = this.#startedMs + timeoutMs;
    let cleanSinceMs: number | undefined;
    let looks = 0;
    for (;;) {
      const lookedMs = machineMs();
      await this.#look(deadlineMs);
      const isClean = this.#open().length === 0 && this.#ready.length === 0 && this.#delayed().length === 0;
      if (isClean) await this.#refuseBlind(deadlineMs);
      if (this.#options.deadLetters === 'fail') await this.#refuseDead();
      const nowMs = machineMs();
      looks = isClean ? looks + 1 : 0;
      cleanSinceMs = isClean ? (cleanSinceMs ?? lookedMs) : undefined;
      const quietSinceMs = Math.max(cleanSinceMs ?? nowMs, this.#lastMs(nowMs));
      if (looks > 1 && nowMs - quietSinceMs >= quietMs) return;
      this.#refuseLate(deadlineMs);
      if (nowMs >= deadlineMs) throw this.#notSettled(nowMs);
      await this.#pause(Math.max(1, Math.min(pauseMs, deadlineMs - nowMs)));
    }
  }

  async #refuseDead(): Promise<void> {
    const dead = await this.#session.deadLetters.look();
    if (dead) throw dead;
  }

  async #pause(ms: number): Promise<void> {
    const verdict = await this.#session.waits.pause(ms, this.#scope);
    if (verdict) throw verdict;
  }

  /** Queues first: what is delivered after that is seen on a connection. */
  async #look(deadlineMs: number): Promise<void> {
    const verdict = this.#session.waits.verdict(this.#scope);
    if (verdict) throw verdict;
    await this.#countQueues(deadlineMs);
    await Promise.all(
      this.#watched.map(async ({ worker, tap, watch }) => {
        const reading = await tap.read(watch.last);
        if (!reading) throw tapGone(worker.spec.name);
        watch.take(reading);
      }),
    );
  }

  async #countQueues(deadlineMs: number): Promise<void> {
    const ready: Unsettled[] = [];
    const passing: Delayed[] = [];
    const timeLeftMs = Math.max(100, deadlineMs - machineMs());
    for (const place of watchedPlaces(this.#watched, this.#session.services)) {
      const messages = await this.#session.services.countWaiting('amqp', place, timeLeftMs);
      this.#judge(place, messages, { ready, passing });
    }
    for (const place of this.#named()) {
      const messages = await this.#session.services.countWaiting(
        'amqp',
        { ...place, isNeeded: true },
        timeLeftMs,
      );
      if (typeof messages === 'number' && messages > 0) ready.push({ kind: 'ready', ...place, messages });
    }
    this.#ready = ready;
    this.#passing = passing;
  }

  #judge(
    place: QueueAddress,
    messages: WaitingMessages,
    { ready, passing }: { readonly ready: Unsettled[]; readonly passing: Delayed[] },
  ): void {
    const key = `${place.url} ${place.vhost} ${place.queue}`;
    if (typeof messages !== 'number' || messages === 0) {
      this.#waitingSince.delete(key);
      return;
    }
    const nowMs = machineMs();
    const sinceMs = this.#waitingSince.get(key) ?? nowMs;
    this.#waitingSince.set(key, sinceMs);
    const isConsumed = this.#watched.some(({ watch }) => watch.isConsumed(place));
    const expiring = this.#session.window.publications.find(
      ({ target, expiresMs = 0 }) => target === place.queue && expiresMs > nowMs,
    );
    const dues = this.#watched.flatMap(({ watch }) => watch.dueOn(place, sinceMs, expiring?.expiresMs) ?? []);
    const [dueMs] = dues;
    if (isConsumed || dueMs === undefined) {
      ready.push({ kind: 'ready', queue: place.queue, vhost: place.vhost, messages });
      return;
    }
    if (dueMs < nowMs) this.#waitingSince.set(key, nowMs);
    const what = messages === 1 ? 'a message' : `${messages} messages`;
    if (this.#options.delayed === 'wait')
      passing.push({ kind: 'delayed', what: `${what} on queue "${place.queue}", to go on by itself`, dueMs });
  }

  /** Those the call names. */
  #named(): readonly QueueAddress[] {
    const { queues } = this.#options;
    if (queues.length === 0) return [];
    const url = chooseService(this.#session, 'rabbitmq', {});
    return queues.map(queue => ({ url, vhost: undefined, queue }));
  }

  #open(): readonly Unsettled[] {
    return this.#watched.flatMap(({ watch }) => watch.open());
  }

  #delayed(): readonly Delayed[] {
    const nowMs = machineMs();
    const own = this.#options.delayed === 'ignore' ? [] : delayedPublications(this.#session.window);
    const late = own.filter(({ dueMs }) => dueMs > nowMs);
    return [...this.#passing, ...late, ...this.#watched.flatMap(({ watch }) => watch.delayed(nowMs))];
  }

  #lastMs(nowMs: number): number {
    const own = this.#options.delayed === 'ignore' ? [] : delayedPublications(this.#session.window);
    return Math.max(
      0,
      ...own.map(({ dueMs }) => dueMs).filter(dueMs => dueMs <= nowMs),
      ...this.#watched.map(({ watch }) => Math.max(watch.lastMs, watch.dueBefore(nowMs))),
    );
  }

  /** What comes due after the deadline cannot be waited for. */
  #refuseLate(deadlineMs: number): void {
    const late = this.#delayed().filter(({ dueMs }) => dueMs !== undefined && dueMs > deadlineMs);
    if (late.length > 0) throw delayedError(late, { nowMs: machineMs(), timeoutMs: this.#options.timeoutMs });
  }

  async #refuseBlind(deadlineMs: number): Promise<void> {
    if (this.#options.quietMs >= blindQuietMs) return;
    const { services } = this.#session;
    const early: Blind[] = [];
    for (const watched of this.#watched)
      early.push(...(await findEarlyTasks(watched, watched.watch, { services, deadlineMs })));
    const blind = [...this.#watched.flatMap(({ watch }) => watch.blind()), ...early];
    if (blind.length > 0) throw blindError(blind);
  }

  #notSettled(nowMs: number): Error {
    const { timeoutMs } = this.#options;
    const open = this.#watched.flatMap(({ tap, watch }) =>
      watch.open(connection => pidOfConnection(tap, connection)),
    );
    const left = [...open, ...this.#ready, ...this.#delayed()];
    const busy = this.#watched.flatMap(({ watch }) => watch.busy());
    return notSettled([...left, ...(left.length === 0 ? busy : busy.filter(isOften).slice(0, mostBusy))], {
      nowMs,
      beganMs: this.#session.window.beganMs,
      timeoutMs,
      secrets: this.#session.secrets,
    });
  }
}

/** Those of the test itself. */
function delayedPublications({
  publications,
}: TestWindow): readonly (Delayed & { readonly dueMs: number })[] {
  return publications.flatMap(({ target, dueMs }) =>
    dueMs === undefined
      ? []
      : [{ kind: 'delayed', what: `a delayed message that the test published to "${target}"`, dueMs }],
  );
}
