import { argumentInvalid, LiveWorkerError } from '../../errors.ts';
import type { Timeline } from '../../records/timeline.ts';
import type { Services } from '../../service/services.ts';
import { notice } from '../../text/notice.ts';
import type { CrashPoint } from '../../worker/crash/crash-report.ts';
import { legsTo } from '../../worker/crash/legs-to.ts';
import { tapOfWorker } from '../../worker/crash/tap-of-worker.ts';
import { countConsumers, untilConsuming } from '../../worker/crash/until-consuming.ts';
import type { Taps } from '../../worker/prepare/taps.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import type { FaultPlace } from '../contract.ts';
import type { ArmedPoints } from './armed-points.ts';

/** How long a worker has to consume again, before it is started anew for the next test; milliseconds. */
const recoveryMs = 5_000;

export interface FaultsOptions {
  readonly taps: Taps;
  readonly services: Services;
  readonly timeline: Pick<Timeline, 'record'>;
  readonly points: ArmedPoints;
  /** Stops a worker and starts it again as it was. */
  readonly relaunch: (worker: SessionWorker) => Promise<void>;
}

/** What goes wrong between workers of a test file and their services because a test wants it. */
export class Faults {
  readonly #options: FaultsOptions;
  /** Of workers whose connections were cut: how much they consumed. */
  readonly #cut = new Map<SessionWorker, ReadonlyMap<string, number>>();

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** Resets connections to a service. @returns how many there were. @throws TAP_NEEDED; WORKER_SHARED */
  async cut(place: FaultPlace, workers: readonly SessionWorker[]): Promise<number> {
    let count = 0;
    for (const { worker, listeners, tap } of this.#meant(place, workers, 'cut connections')) {
      const before = countConsumers(tap.look());
      if (!this.#cut.has(worker)) this.#cut.set(worker, before);
      const cut = await tap.hold.ask({ kind: 'cut', listeners });
      this.#options.timeline.record('fault.cut', {
        worker: worker.spec.name,
        service: place.kind,
        connections: cut,
      });
      count += cut;
    }
    return count;
  }

  /** @returns the number it is asked for by. @throws TAP_NEEDED; WORKER_SHARED; ARGUMENT_INVALID where several workers could be meant */
  async loseAnswer(
    place: FaultPlace,
    workers: readonly SessionWorker[],
    statement: CrashPoint['statement'],
  ): Promise<number> {
    const meant = this.#meant(place, workers, 'lose an answer');
    const [only] = meant;
    if (!only || meant.length > 1) {
      const names = meant.map(({ worker }) => `"${worker.spec.name}"`).join(' or ');
      throw argumentInvalid(`${place.kind}(): worker`, place.choice.worker, names);
    }
    const { worker, listeners } = only;
    return this.#options.points.armLoss(worker, listeners, statement);
  }

  /** The next test finds its workers as this one did. */
  async endTest(): Promise<void> {
    const cut = [...this.#cut];
    this.#cut.clear();
    await Promise.all(cut.map(([worker, before]) => this.#untilRecovered(worker, before)));
  }

  async #untilRecovered(worker: SessionWorker, before: ReadonlyMap<string, number>): Promise<void> {
    const { runner, spec } = worker;
    if (runner.state.kind !== 'ready') return;
    const tap = tapOfWorker(worker, this.#options.taps, 'look');
    if ((await untilConsuming(tap, before, recoveryMs)) || runner.state.kind !== 'ready') return;
    notice(
      `${spec.name}: it does not consume again ${recoveryMs / 1_000} s after its connections were cut, and is started anew`,
    );
    await this.#options.relaunch(worker);
  }

  #meant(place: FaultPlace, workers: readonly SessionWorker[], action: string) {
    const { services, taps } = this.#options;
    const chosen =
      place.choice.worker === undefined ? workers.filter(({ prepared }) => prepared?.tap) : workers;
    const { title } = services.kind(place.kind);
    const meant = chosen.flatMap(worker => {
      const tap = tapOfWorker(worker, taps, `${action} of worker "${worker.spec.name}"`);
      const listeners = legsTo(worker, { ...place, services }).map(({ key }) => key);
      return listeners.length === 0 ? [] : [{ worker, tap, listeners }];
    });
    if (meant.length === 0)
      throw new LiveWorkerError(
        'TAP_NEEDED',
        `Cannot ${action}: no worker of this file has a tap that leads to ${title}\nchange: set tap: true on the worker, or beside workers`,
      );
    return meant;
  }
}
