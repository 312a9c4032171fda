import { join } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { type RunIdentity, runName } from '../../records/run-identity.ts';
import { writeKeeperRecord } from '../../records/run-record.ts';
import { Secrets } from '../../secrets/secrets.ts';
import type { FileSlots } from '../../service/file-slots.ts';
import type { ServiceUse } from '../../service/service.ts';
import { Services } from '../../service/services.ts';
import { isOtherStarting } from '../../worker/is-other-starting.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';

export interface SharedProjectOptions {
  readonly rootDir: string;
  readonly run: RunIdentity;
  /** What its workers have instead of what all share; undefined where they share all. */
  readonly slots?: FileSlots | undefined;
  /** The workers of the run are no longer alone on a queue. */
  readonly onLost: (error: LiveWorkerError) => void;
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
  #hadDeath = false;

  constructor({ rootDir, run, slots, onLost, onWanted }: SharedProjectOptions) {
    this.onWanted = onWanted;
    this.slots = slots;
    this.rootDir = rootDir;
    this.run = run;
    this.services = new Services({
      name: 'live-worker run of tests',
      folder: join(rootDir, '.live-worker'),
      testPath: 'a worker of the run',
      timeline: { record: () => {} },
      secrets: this.secrets,
      onLost,
    });
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
