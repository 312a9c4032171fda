import { LiveWorkerError } from '../../errors.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { WorkerExit } from '../../worker/lifecycle/lifecycle-events.ts';
import { type Deferred, deferred } from '../../worker/runner/deferred.ts';
import type { LaunchNews, LeaseLoss } from '../../worker/runner/worker-lease.ts';
import type { LeasePush, SentNews } from '../protocol.ts';
import { unpackError } from '../reported-error.ts';

/** What is known of one worker of a lease. */
export interface WorkerNews {
  /** Of its last launch. */
  ready: Deferred<ProcessIdentity>;
  readonly exit: Deferred<WorkerExit>;
  waitsFor: string;
  follow(listener: (news: LaunchNews) => void): void;
}

/** What the supervisor has told of the workers of one lease. */
export class LeaseNews {
  onTurnLost: (loss: LeaseLoss) => void = () => {};
  readonly #workers: ReadonlyMap<string, HeardWorker>;

  constructor(workers: readonly WorkerSpec[]) {
    this.#workers = new Map(workers.map(({ name }) => [name, new HeardWorker()]));
  }

  get all(): Iterable<WorkerNews> {
    return this.#workers.values();
  }

  fail(error: LiveWorkerError): void {
    for (const { ready } of this.#workers.values()) ready.reject(error);
  }

  hear(push: LeasePush): void {
    switch (push.kind) {
      case 'ready':
        this.of(push.worker).ready.resolve(push.leader);
        return;
      case 'failed':
        this.of(push.worker).ready.reject(unpackError(push.error));
        return;
      case 'waiting':
        this.of(push.worker).waitsFor = push.why;
        return;
      case 'exited':
        this.of(push.worker).exit.resolve(push.exit);
        return;
      case 'news':
        this.of(push.worker).hear(unpack(push.news));
        return;
      case 'notice':
      case 'echo':
        process.stderr.write(push.text);
        return;
      case 'serverLost':
        this.onTurnLost({ error: unpackError(push.error) as LiveWorkerError });
        return;
      case 'turnLost':
        this.onTurnLost({
          error: unpackError(push.error) as LiveWorkerError,
          repeated: unpackError(push.repeated) as LiveWorkerError,
        });
        return;
      default:
        push satisfies never;
    }
  }

  of(name: string): HeardWorker {
    const worker = this.#workers.get(name);
    if (worker) return worker;
    throw new LiveWorkerError(
      'SUPERVISOR_LOST',
      `The supervisor told of a worker "${name}" that was not asked for`,
    );
  }
}

class HeardWorker implements WorkerNews {
  ready = deferred<ProcessIdentity>();
  readonly exit = deferred<WorkerExit>();
  waitsFor = '';
  #listener: ((news: LaunchNews) => void) | undefined;
  /** What came before anybody listened: a worker may be on its way before its lease is answered. */
  #early: LaunchNews[] = [];

  follow(listener: (news: LaunchNews) => void): void {
    this.#listener = listener;
    for (const news of this.#early) listener(news);
    this.#early = [];
  }

  hear(news: LaunchNews): void {
    if (this.#listener) this.#listener(news);
    else this.#early.push(news);
  }
}

function unpack(news: SentNews): LaunchNews {
  if (news.kind !== 'restartFailed') return news;
  return { kind: 'restartFailed', error: unpackError(news.error) as LiveWorkerError };
}
