import { relative } from 'node:path';
import { headlineOf, type LiveWorkerError } from '../../errors.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ServicesOptions } from '../../options/services-options.ts';
import { reportProgress } from '../../probe/report-progress.ts';
import type { Timeline } from '../../records/timeline.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { findServerWants, plannedServers } from '../../service/find-server-wants.ts';
import { LedServers } from '../../service/led-servers.ts';
import type { ServerLease, ServerRequest } from '../../service/server-lease.ts';
import type { ServiceKinds } from '../../service/service-kinds.ts';
import { aimProbes, planLaunch } from '../../worker/prepare/plan-launch.ts';

export interface SessionServersOptions {
  readonly services: ServicesOptions;
  readonly rootDir: string;
  readonly testFile: string;
  readonly isIsolated: boolean;
  /** `process.env` of the test file. */
  readonly testEnv: () => Record<string, string | undefined>;
  /** Those that run before the environment is set up. */
  readonly earlySetupFiles: readonly string[];
  readonly kinds?: ServiceKinds | undefined;
  readonly secrets: Secrets;
  readonly timeline: Pick<Timeline, 'record'>;
  readonly openServers: (request: ServerRequest) => Promise<ServerLease>;
  readonly onLost: (error: LiveWorkerError) => void;
}

/** The servers of the run that one test file uses. */
export class SessionServers {
  readonly #options: SessionServersOptions;
  #lease: ServerLease | undefined;
  #given: LedServers | undefined;
  #up: Promise<void> | undefined;
  #isUp = false;
  #early: readonly string[] = [];
  #lost: LiveWorkerError | undefined;

  constructor(options: SessionServersOptions) {
    this.#options = options;
  }

  /** Undefined before it is known where they are. */
  get given(): LedServers | undefined {
    return this.#given;
  }

  /** True while one of them boots. */
  get isPending(): boolean {
    return this.#lease !== undefined && !this.#isUp;
  }

  /** Resolves when it is known where they are; they answer later. @throws SERVER_UNAVAILABLE, REPORTER_MISSING, and the codes of a launch */
  async take(specs: readonly WorkerSpec[]): Promise<void> {
    const { services, rootDir, testFile, isIsolated, kinds, secrets, timeline, onLost } = this.#options;
    const started = specs.filter(({ attach }) => !attach);
    const planned = plannedServers(services, kinds);
    if (planned.all.length === 0 || started.length === 0) return;
    const launches = await Promise.all(
      started.map(async spec => {
        const plan = await planLaunch(spec, rootDir, { servers: planned });
        return { plan, specs: aimProbes(spec, plan.env) };
      }),
    );
    const wants = findServerWants(launches, services, kinds);
    const lease = await this.#options.openServers({ rootDir, testFile, wants, isIsolated });
    this.#lease = lease;
    this.#given = new LedServers(lease.servers, kinds);
    secrets.note(lease.servers.map(({ url }) => ['SERVER_URL', url]));
    timeline.record('servers.given', { servers: lease.servers.map(({ kind }) => kind) });
    this.#up = lease.untilUp().then(() => {
      this.#isUp = true;
    });
    // It may fail before it is waited for.
    this.#up.catch(() => {});
    void lease.lost.then(error => {
      this.#lost = error;
      onLost(error);
    });
  }

  /** @throws SERVER_UNAVAILABLE, SUPERVISOR_LOST */
  async untilUp(): Promise<void> {
    if (!this.#up || this.#isUp) return;
    const kinds = (this.#given?.all ?? []).map(({ kind }) => kind).join(' and ');
    const progress = reportProgress(
      seconds => `${this.#options.testFile} waits for ${seconds} s for ${kinds} to start`,
    );
    try {
      await this.#up;
    } finally {
      progress.stop();
    }
  }

  /** Leads the test file to what its workers use. */
  lead(plans: readonly LaunchPlan[]): void {
    const { testEnv, rootDir, earlySetupFiles } = this.#options;
    if (!this.#given || this.#given.all.length === 0) return;
    const env = testEnv();
    const led = this.#given.lead({ env: definedOf(env), cwd: rootDir, standard: [] });
    for (const plan of [...plans].reverse()) {
      for (const [name, { layer }] of Object.entries(plan.provenance))
        if (layer === 'server') led[name] = plan.env[name] ?? null;
    }
    const before = Object.keys(led).filter(name => env[name] !== undefined);
    for (const [name, value] of Object.entries(led)) {
      if (value === null) delete env[name];
      else env[name] = value;
    }
    if (earlySetupFiles.length === 0 || before.length === 0) return;
    const files = earlySetupFiles.map(file => relative(rootDir, file)).join(', ');
    this.#early = [
      `note: setupFiles (${files}) ran before ${before.join(', ')} led to the servers of this run: what they opened or loaded leads elsewhere; setupFilesAfterEnv run later`,
    ];
  }

  /** What stands under a failed assertion. */
  describe(): readonly string[] {
    const [lost] = this.#lost ? headlineOf(this.#lost).split('\n') : [];
    return [...(lost === undefined ? [] : [lost]), ...this.#early];
  }

  end(): void {
    this.#lease?.end();
  }
}

function definedOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
