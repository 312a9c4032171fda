import { join } from 'node:path';
import { type RunIdentity, runName } from '../../records/run-identity.ts';
import { writeKeeperRecord } from '../../records/run-record.ts';
import type { Timeline } from '../../records/timeline.ts';
import { Secrets } from '../../secrets/secrets.ts';
import type { FileSlots } from '../../service/file-slots.ts';
import type { ServiceUse } from '../../service/service.ts';
import { Services } from '../../service/services.ts';
import { isOtherStarting } from '../../worker/is-other-starting.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import type { TurnLoss } from '../process/holdings.ts';

export interface SharedProjectOptions {
  /** Who holds what its workers take turns on, as others read it. */
  readonly user: string;
  /** Where what it waits for is recorded. */
  readonly timeline?: Timeline | undefined;
  readonly rootDir: string;
  readonly run: RunIdentity;
  /** What its workers have instead of what all share; undefined where they share all. */
  readonly slots?: FileSlots | undefined;
  /** Of one test file: nothing of it is there for another one. */
  readonly isOfFile?: boolean | undefined;
  /** Another run waits for this turn. */
  readonly onWanted: (turn: string) => void;
}

/** What workers of one rootDir, and of the same slots, have in common: the connections that prove and guard them. */
export class SharedProject {
  readonly rootDir: string;
  /** In whose folder its workers are started. */
  run: RunIdentity;
  readonly slots: FileSlots | undefined;
  readonly secrets = new Secrets([]);
  readonly services: Services;
  readonly onWanted: (turn: string) => void;
  /** Those that are on their way or ready, by name. */
  readonly workers = new Map<string, SessionWorker>();
  readonly isOfFile: boolean;
  readonly #timeline: Timeline | undefined;
  readonly #losses = new Set<(loss: TurnLoss) => void>();
  #hadDeath = false;

  constructor({ rootDir, run, slots, isOfFile = false, user, timeline, onWanted }: SharedProjectOptions) {
    this.onWanted = onWanted;
    this.slots = slots;
    this.rootDir = rootDir;
    this.run = run;
    this.isOfFile = isOfFile;
    this.#timeline = timeline;
    this.services = new Services({
      name: isOfFile ? `live-worker tests of ${user}` : 'live-worker run of tests',
      folder: join(rootDir, '.live-worker'),
      testPath: user,
      timeline: timeline ?? { record: () => {} },
      secrets: this.secrets,
      onLost: (error, repeated) => {
        for (const listener of this.#losses) listener({ error, repeated });
      },
    });
  }

  /** Its workers are no longer alone on a queue: every file that uses one of them fails. */
  onLost(listener: (loss: TurnLoss) => void): { stop(): void } {
    this.#losses.add(listener);
    return { stop: () => this.#losses.delete(listener) };
  }

  /** Nothing of it is used any more. Never throws. */
  async close(): Promise<void> {
    this.services.release();
    await this.services.close();
    this.#timeline?.close();
  }

  /** What lies in the folder of the run is in use after it. */
  noteKeeper(): void {
    writeKeeperRecord(join(this.rootDir, '.live-worker', runName(this.run)));
  }

  /** A worker died that these test files used. */
  noteDeath(uses: readonly ServiceUse[], files: readonly string[]): void {
    this.#hadDeath = true;
    this.services.noteDeath(uses, files);
  }

  /** True once a worker died. */
  get hadDeath(): boolean {
    return this.#hadDeath;
  }

  isOtherStarting(name: string): boolean {
    return isOtherStarting(this.workers, name);
  }
}
