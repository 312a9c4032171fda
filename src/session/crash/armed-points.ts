import type { LiveWorkerError } from '../../errors.ts';
import type { Timeline } from '../../records/timeline.ts';
import type { Services } from '../../service/services.ts';
import { type CrashPoint, describeEffect, type Reached } from '../../worker/crash/crash-report.ts';
import { endCrashed } from '../../worker/crash/end-crashed.ts';
import { tapOfWorker } from '../../worker/crash/tap-of-worker.ts';
import type { Taps } from '../../worker/prepare/taps.ts';
import { type Deferred, deferred } from '../../worker/runner/deferred.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import type { RunningTests } from '../running-tests.ts';
import type { Waits } from '../waits/waits.ts';
import { describePoint } from './describe-point.ts';
import { notReached } from './not-reached.ts';

export interface ArmedPointsOptions {
  readonly taps: Taps;
  readonly services: Services;
  readonly timeline: Pick<Timeline, 'record'>;
  readonly tests: RunningTests;
  readonly waits: Waits;
}

interface Armed {
  readonly number: number;
  readonly worker: SessionWorker;
  /** `crash before ack` */
  readonly label: string;
  /** Of the tests it is for. */
  readonly scope: number;
  readonly outcome: Deferred<Reached>;
  /** The number of the last effect before. */
  since: number;
  isReached: boolean;
}

/** The points at which workers of one test file are to crash, or lose an answer: each belongs to the test that armed it. */
export class ArmedPoints {
  readonly #options: ArmedPointsOptions;
  readonly #armed = new Map<number, Armed>();
  /** What is under way of a worker that came to its point. */
  readonly #crashes = new Map<SessionWorker, Promise<unknown>>();
  /** Where a worker was last let crash, and by which tests. */
  readonly #crashed = new Map<SessionWorker, { readonly point: string; readonly scope: number }>();
  #last = 0;

  constructor(options: ArmedPointsOptions) {
    this.#options = options;
  }

  /** @throws TAP_NEEDED */
  async armCrash(worker: SessionWorker, point: CrashPoint): Promise<number> {
    const tap = tapOfWorker(worker, this.#options.taps, `crash worker "${worker.spec.name}" at a point`);
    const armed = this.#add(worker, `crash ${describePoint(point)}`);
    const { number } = armed;
    armed.since = await tap.hold.arm({ kind: 'crash', number, point }, reached => {
      const ended = endCrashed({ worker, tap, services: this.#options.services });
      const over = ended.catch(() => {}).then(() => void this.#crashes.delete(worker));
      this.#crashes.set(worker, over);
      this.#crashed.set(worker, { point: describePoint(point), scope: armed.scope });
      this.#noteReached(armed, reached, ended);
    });
    return number;
  }

  /** The next answer of a database that something was committed, on connections to these listeners, is lost. */
  async armLoss(
    worker: SessionWorker,
    listeners: readonly string[],
    statement: CrashPoint['statement'],
  ): Promise<number> {
    const tap = tapOfWorker(worker, this.#options.taps, `lose an answer of worker "${worker.spec.name}"`);
    const wanted = statement === undefined ? {} : { statement };
    const point = describePoint({ when: 'after', effect: 'commit', nth: 1, ...wanted });
    const armed = this.#add(worker, `lose the answer ${point}`);
    const { number } = armed;
    armed.since = await tap.hold.arm({ kind: 'lose-answer', number, listeners, wanted }, reached =>
      this.#noteReached(armed, reached, Promise.resolve()),
    );
    return number;
  }

  /**
   * Resolves when it was reached, and nothing of the worker is left. The time may be shorter than that of the test.
   *
   * @throws CRASH_NOT_REACHED; WORKER_EXITED; WAIT_TIMEOUT
   */
  async untilReached(number: number, limitMs: number): Promise<Reached> {
    const armed = this.#armed.get(number);
    if (!armed) throw new TypeError(`Nothing is armed by the number ${number}`);
    const { waits, tests } = this.#options;
    const timer = waits.timer(limitMs, tests.scope);
    const late = timer.over.then(async verdict => {
      if (armed.isReached) return armed.outcome.promise;
      throw verdict ?? (await this.#giveUp(armed));
    });
    try {
      return await Promise.race([armed.outcome.promise, late]);
    } finally {
      timer.stop();
    }
  }

  /** A line for the end of a worker that had crashed in the same test; undefined for any other. */
  describeCrash(worker: SessionWorker): string | undefined {
    const crash = this.#crashed.get(worker);
    if (crash?.scope !== this.#options.tests.scope) return undefined;
    return `It had crashed before, as the test wanted: ${crash.point}`;
  }

  /** True from its point on until nothing of it is left. */
  isCrashing(worker: SessionWorker): boolean {
    return this.#crashes.has(worker);
  }

  /** Resolves when no crash of it is under way. */
  async untilOver(worker: SessionWorker): Promise<void> {
    await this.#crashes.get(worker);
  }

  /** What the test that ends now has armed is so no more, or those that run together with it; resolves with what was not reached. */
  async endTest(test: object): Promise<readonly LiveWorkerError[]> {
    const { tests } = this.#options;
    return tests.isAlone(test) ? this.#end(({ scope }) => scope === tests.scope) : [];
  }

  /** The same for all. */
  endFile(): Promise<readonly LiveWorkerError[]> {
    return this.#end(() => true);
  }

  async #end(isMeant: (armed: Armed) => boolean): Promise<readonly LiveWorkerError[]> {
    await Promise.all(this.#crashes.values());
    const meant = [...this.#armed.values()].filter(isMeant);
    const missed = meant.filter(({ isReached }) => !isReached);
    const errors = await Promise.all(missed.map(armed => this.#giveUp(armed)));
    for (const { number } of meant) this.#armed.delete(number);
    return errors;
  }

  #add(worker: SessionWorker, label: string): Armed {
    this.#last += 1;
    const { scope } = this.#options.tests;
    const armed: Armed = {
      number: this.#last,
      worker,
      label,
      scope,
      outcome: deferred(),
      since: 0,
      isReached: false,
    };
    this.#armed.set(armed.number, armed);
    return armed;
  }

  #noteReached(armed: Armed, reached: Reached, after: Promise<void>): void {
    const { worker, label, outcome } = armed;
    armed.isReached = true;
    const { message } = reached;
    this.#options.timeline.record('point.reached', {
      worker: worker.spec.name,
      point: label,
      effect: describeEffect(reached.effect),
      ...(message ? { message } : {}),
    });
    after.then(
      () => outcome.resolve(reached),
      error => outcome.reject(error),
    );
  }

  /** It is told once. */
  async #giveUp(armed: Armed): Promise<LiveWorkerError> {
    const { number, worker, label, since } = armed;
    this.#armed.delete(number);
    const hold = this.#options.taps.known(worker.spec.name)?.hold;
    const done = await hold?.ask({ kind: 'effects', after: since }).catch(() => undefined);
    await hold?.disarm(number).catch(() => {});
    return notReached(worker, label, done);
  }
}
