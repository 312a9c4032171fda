import { dirname, join } from 'node:path';
import { LiveWorkerError } from '../../errors.ts';
import { clockOrigin } from '../../records/clock-origin.ts';
import { openTestFileFolder } from '../../records/open-test-file-folder.ts';
import { type RunIdentity, runName } from '../../records/run-identity.ts';
import { writeKeeperRecord } from '../../records/run-record.ts';
import { openTimeline, type Timeline } from '../../records/timeline.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { RunningServer, type ServerEnd } from '../../server/running/running-server.ts';
import type { PlannedServer } from '../../server/server-plan.ts';
import type { ServerCapability } from '../../service/server-capability.ts';
import type { ServerUser } from '../process/server-holdings.ts';
import type { SharedWorkerStatus } from '../protocol.ts';
import { watchServer } from './watch-server.ts';

export interface HeldServerOptions {
  readonly kind: string;
  /** `RabbitMQ` */
  readonly title: string;
  readonly planned: PlannedServer;
  readonly capability: ServerCapability;
  readonly rootDir: string;
  readonly run: RunIdentity;
  /** Of the sockets. */
  readonly folder: string;
  /** On it from the start. */
  readonly places: readonly string[];
  /** A line for `supervisor.log`. */
  note(text: string): void;
  /** It has ended unasked, and its users were told. */
  onLost(): void;
}

const nowhere = { env: {}, cwd: '/' };

/** One server of a run: started, proven, and watched until the run, or the time after it, is over. */
export class HeldServer {
  readonly kind: string;
  readonly rootDir: string;
  readonly planned: PlannedServer;
  /** Of its logs. */
  readonly records: string;
  readonly users = new Map<ServerUser, string>();
  /** Milliseconds after the run; the longest that a file asked for. */
  keepForMs = 0;
  readonly #options: HeldServerOptions;
  readonly #running: RunningServer;
  readonly #timeline: Timeline;
  readonly #run: RunIdentity;
  readonly #places: Map<string, Promise<void>>;
  #isLost = false;

  constructor(options: HeldServerOptions) {
    const { kind, title, planned, capability, rootDir, run, folder, places } = options;
    this.#options = options;
    this.kind = kind;
    this.rootDir = rootDir;
    this.planned = planned;
    this.#run = run;
    this.records = openTestFileFolder(rootDir, join(rootDir, 'servers', kind), run).path;
    const secrets = new Secrets(planned.secrets.map(secret => ['SERVER_PASSWORD', secret]));
    this.#timeline = openTimeline(`${this.records}/events.ndjson`, {
      mask: fields => secrets.maskData(fields) as typeof fields,
      onTrouble: options.note,
    });
    this.#timeline.record('server.opened', { server: kind, ...clockOrigin() });
    this.#places = new Map([capability.homePlace, ...places].map(place => [place, Promise.resolve()]));
    this.#running = new RunningServer({
      title,
      planned,
      records: this.records,
      watch: watchServer({ folder, recordPath: join(dirname(this.records), 'watchdog.ndjson') }),
      refusal: url => capability.refusal(capability.urlOf(url, capability.homePlace), nowhere),
      record: (event, fields) => this.#timeline.record(event, fields),
    });
    void this.#running.lost.then(end => this.#tellLost(end)).catch(() => {});
  }

  /** False once it has ended, or could not start. */
  get isUsable(): boolean {
    return !this.#isLost && !this.#running.isStopped;
  }

  get status(): SharedWorkerStatus {
    const { id } = this.#running;
    const files = [...this.users.values()];
    return { name: this.name, rootDir: this.rootDir, ...(id === undefined ? {} : { id }), files };
  }

  /** As `live-worker stop` takes it. */
  get name(): string {
    return `services.${this.kind}`;
  }

  /** Resolves when it answers, and has these places. @throws SERVER_UNAVAILABLE */
  async untilUp(places: readonly string[]): Promise<void> {
    await this.#running.up;
    for (const place of places) await this.#make(place);
  }

  /** It outlives its run, in whose folder its logs are. */
  noteKeeper(): void {
    writeKeeperRecord(join(this.rootDir, '.live-worker', runName(this.#run)));
  }

  /** Resolves with what could not be undone. */
  async stop(): Promise<readonly unknown[]> {
    const problems = await this.#running.stop();
    this.#timeline.close();
    return problems.map(problem => new Error(`What was started as ${this.name} is not gone: ${problem}`));
  }

  #make(place: string): Promise<void> {
    const known = this.#places.get(place);
    if (known) return known;
    const { capability, planned, title } = this.#options;
    const { url, managementUrl, commandEnvironment } = planned;
    const made = capability
      .makePlace({ url, name: place, managementUrl, commandEnvironment })
      .catch((error: unknown) => {
        this.#places.delete(place);
        const why = error instanceof Error ? error.message : String(error);
        throw new LiveWorkerError(
          'SERVER_UNAVAILABLE',
          `Cannot make "${place}" on the ${title} that was started for this run: ${why}\nlogs:   ${this.records}`,
          { details: { kind: this.kind, place, why, records: this.records } },
        );
      });
    this.#places.set(place, made);
    return made;
  }

  #tellLost(end: ServerEnd): void {
    this.#isLost = true;
    const error = this.#lostError(end);
    for (const user of this.users.keys())
      user.lost({ code: error.code, message: error.message, details: error.details });
    this.#options.onLost();
  }

  #lostError({ how, lastLines }: ServerEnd): LiveWorkerError {
    const { title, planned } = this.#options;
    const secrets = new Secrets(planned.secrets.map(secret => ['SERVER_PASSWORD', secret]));
    return new LiveWorkerError(
      'SERVER_LOST',
      [
        `The ${title} that was started for this run is gone: ${how}`,
        ...lastLines.map(line => `    ${secrets.quote(line)}`),
        `logs:   ${this.records}`,
      ].join('\n'),
      { details: { kind: this.kind, how, records: this.records } },
    );
  }
}
