import { argumentInvalid, LiveWorkerError } from '../../errors.ts';
import { quoteLines } from '../../logs/quote-lines.ts';
import { describeEffect, isBackground } from '../../worker/crash/crash-report.ts';
import { tapOfWorker } from '../../worker/crash/tap-of-worker.ts';
import { countConsumers } from '../../worker/crash/until-consuming.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import type { CrashPointOperations, EffectStep, LogMark, Recording } from '../contract.ts';
import { findWorker, startedHere } from '../find-worker.ts';
import type { TestFileSession } from '../test-file-session.ts';
import { untilQuiet } from './until-quiet.ts';

/** What every crash point of a worker is found by: what it does is noted, and when it has come to rest. */
export class EffectRecording implements CrashPointOperations {
  readonly #session: TestFileSession;
  /** By queue, how many consumers a worker had when it began to be noted. */
  readonly #consumers = new Map<SessionWorker, ReadonlyMap<string, number>>();

  constructor(session: TestFileSession) {
    this.#session = session;
  }

  /**
   * Begins to note what a worker does.
   *
   * @param name default: that of the only one with a tap
   * @throws TAP_NEEDED; WORKER_SHARED; ARGUMENT_INVALID; CRASH_POINTS_UNCLEAR for a worker that acknowledges nothing
   */
  async begin(name: string | undefined): Promise<Recording> {
    const worker = this.#choose(name);
    const tap = this.#tapOf(worker);
    const sight = tap.look();
    const blind = sight?.connections
      .flatMap(({ amqp }) => amqp?.consumers ?? [])
      .find(({ queue, noAck }) => noAck && !isBackground({ queue }));
    if (blind) throw acknowledgesNothing(worker.spec.name, blind.queue);
    this.#consumers.set(worker, countConsumers(sight));
    return { worker: worker.spec.name, last: await tap.hold.ask({ kind: 'record', isOn: true }) };
  }

  async end(name: string): Promise<null> {
    const worker = findWorker(this.#session, name);
    this.#consumers.delete(worker);
    await this.#session.taps.known(name)?.hold.ask({ kind: 'record', isOn: false });
    return null;
  }

  async stepsAfter(name: string, last: number): Promise<readonly EffectStep[]> {
    const tap = this.#tapOf(findWorker(this.#session, name));
    const { effects } = await tap.hold.ask({ kind: 'effects', after: last });
    return effects.map(effect => ({ ...effect, name: describeEffect(effect) }));
  }

  async untilQuiet(
    name: string,
    { timeoutMs, quietMs }: { readonly timeoutMs: number; readonly quietMs: number },
  ): Promise<null> {
    const { services, points, waits, tests } = this.#session;
    const worker = findWorker(this.#session, name);
    await untilQuiet({
      worker,
      tap: this.#tapOf(worker),
      services,
      waits,
      scope: tests.scope,
      consumers: this.#consumers.get(worker) ?? new Map(),
      isCrashing: () => points.isCrashing(worker),
      timeoutMs,
      quietMs,
    });
    return null;
  }

  async markLogs(name: string): Promise<LogMark> {
    const { view } = findWorker(this.#session, name);
    return { stdout: view.text('stdout', 'start').length, stderr: view.text('stderr', 'start').length };
  }

  /** Without secrets. */
  async linesSince(name: string, mark: LogMark): Promise<readonly string[]> {
    const { secrets } = this.#session;
    const { view } = findWorker(this.#session, name);
    return (['stderr', 'stdout'] as const).flatMap(stream => {
      const text = view.text(stream, 'start').slice(mark[stream]);
      return text === ''
        ? []
        : quoteLines({ lines: text.split('\n'), bytes: text.length, total: undefined }, secrets);
    });
  }

  #choose(name: string | undefined): SessionWorker {
    if (name !== undefined) return startedHere(findWorker(this.#session, name), 'crash');
    const all = [...this.#session.workers.values()];
    const tapped = all.filter(({ spec }) => spec.tap);
    const [only] = tapped.length === 0 ? all : tapped;
    if (only && tapped.length <= 1) return startedHere(only, 'crash');
    const names = tapped.map(({ spec }) => `"${spec.name}"`).join(' or ');
    throw argumentInvalid('everyCrashPoint(): worker', undefined, names || 'a worker in this file');
  }

  #tapOf(worker: SessionWorker) {
    return tapOfWorker(worker, this.#session.taps, `crash worker "${worker.spec.name}" at a point`);
  }
}

function acknowledgesNothing(worker: string, queue: string): LiveWorkerError {
  return new LiveWorkerError(
    'CRASH_POINTS_UNCLEAR',
    [
      `Cannot tell the crash points of worker "${worker}": it consumes from "${queue}" without acknowledging (noAck)`,
      'What it had when it crashes is lost, and nobody sees when it is done',
      'change: let it acknowledge each message when its work is done',
    ].join('\n'),
    { details: { worker, queue } },
  );
}
