import { isLiveWorkerError, type LiveWorkerError } from '../../errors.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { IsolateSpec } from '../../options/isolate-options.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { reportProgress } from '../../probe/report-progress.ts';
import type { Timeline } from '../../records/timeline.ts';
import { maskUrl } from '../../secrets/mask-url.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { FileSlots } from '../../service/file-slots.ts';
import { findSlotPlaces, type UnslottedLaunch } from '../../service/find-slot-places.ts';
import type { LedServers } from '../../service/led-servers.ts';
import type { ServiceKinds } from '../../service/service-kinds.ts';
import type { Services } from '../../service/services.ts';
import type { SlotLease, SlotRequest } from '../../service/slot-lease.ts';
import { notice } from '../../text/notice.ts';
import { aimProbes, planLaunch } from '../../worker/prepare/plan-launch.ts';
import { preflight } from '../../worker/prepare/preflight.ts';
import { nameMissing, nothingToIsolate, slotEscaped } from '../slot-refusals.ts';
import { type LedVariables, ledVariables } from './led-variables.ts';

export interface SessionSlotsOptions {
  readonly isolate: IsolateSpec;
  readonly rootDir: string;
  readonly testFile: string;
  /** `process.env` of the test file. */
  readonly testEnv: () => Record<string, string | undefined>;
  /** Those that run before the environment is set up. */
  readonly earlySetupFiles: readonly string[];
  /** True where the file has every worker of the configuration. */
  readonly hasAllWorkers: boolean;
  readonly kinds?: ServiceKinds | undefined;
  /** Those of the run, on which slots are made. */
  readonly servers?: (() => LedServers | undefined) | undefined;
  readonly secrets: Secrets;
  readonly timeline: Pick<Timeline, 'record'>;
  /** Connections that are closed again before anything is copied. */
  readonly createServices: () => Services;
  /** Aborted when the test file is over. */
  readonly ending: AbortSignal;
  readonly openSlots: (request: SlotRequest) => Promise<SlotLease>;
  readonly onLost: (error: LiveWorkerError) => void;
}

/** What one test file has for itself alone: taken before its workers are launched, given back after they are stopped. */
export class SessionSlots {
  readonly #options: SessionSlotsOptions;
  #lease: SlotLease | undefined;
  #given: FileSlots | undefined;
  #led: LedVariables | undefined;

  constructor(options: SessionSlotsOptions) {
    this.#options = options;
  }

  /** Undefined before they were taken, and where none is wanted. */
  get given(): FileSlots | undefined {
    return this.#given;
  }

  /** @throws SLOT_UNAVAILABLE, PREPARE_FAILED, OPTIONS_INVALID, REPORTER_MISSING, and the codes of a launch */
  async take(specs: readonly WorkerSpec[]): Promise<void> {
    const { isolate, rootDir, testFile, kinds, hasAllWorkers, timeline, onLost } = this.#options;
    const servers = this.#options.servers?.();
    const launches = await Promise.all(
      specs.map(async spec => {
        const plan = await planLaunch(spec, rootDir, { servers });
        const probes = aimProbes(spec, plan.env);
        return { plan, specs: probes.map(probe => servers?.moveSpec(probe, plan) ?? probe) };
      }),
    );
    const places = findSlotPlaces(launches, isolate, kinds);
    if (places.length === 0) {
      if (hasAllWorkers && specs.length > 0) throw nothingToIsolate(specs);
      return;
    }
    const startedAt = performance.now();
    const lease = await this.#open({ rootDir, testFile, isolate, places, workers: specs }, launches, specs);
    this.#lease = lease;
    timeline.record('slots.given', {
      slots: lease.slots.map(({ kind, name }) => ({ kind, name })),
      tookMs: Math.round(performance.now() - startedAt),
    });
    this.#given = new FileSlots(lease.slots, isolate.env, kinds);
    const [missing] = this.#given.missingNames();
    if (missing !== undefined) throw nameMissing(missing, specs);
    void lease.lost.then(onLost);
  }

  /** A server that still comes up is waited for, and one that does not is told as ever. */
  async #open(
    request: SlotRequest,
    launches: readonly UnslottedLaunch[],
    specs: readonly WorkerSpec[],
  ): Promise<SlotLease> {
    const { openSlots, testFile } = this.#options;
    const progress = reportProgress(
      seconds => `${testFile} waits for ${seconds} s for what it is to have for itself`,
    );
    try {
      return await openSlots(request).catch(async error => {
        if (!isLiveWorkerError(error) || error.details.isUnanswered !== true) throw error;
        await this.#untilAnswered(launches, specs);
        return openSlots(request);
      });
    } finally {
      progress.stop();
    }
  }

  async #untilAnswered(launches: readonly UnslottedLaunch[], specs: readonly WorkerSpec[]): Promise<void> {
    const { createServices, ending, rootDir, secrets } = this.#options;
    const services = createServices();
    try {
      const uses = launches.flatMap(launch => services.usesOf({ ...launch, rootDir }));
      const timeoutMs = Math.max(...specs.map(({ startTimeoutMs }) => startTimeoutMs));
      await preflight(uses, services, { timeoutMs, signal: ending, secrets });
    } finally {
      await services.close();
    }
  }

  /** Leads the test file to what its workers use. @throws OPTIONS_INVALID for a variable of `testEnv` that no worker has */
  lead(plans: readonly LaunchPlan[]): void {
    const { testEnv, rootDir, isolate, earlySetupFiles, secrets } = this.#options;
    if (!this.#given) return;
    this.#led = ledVariables({
      slots: this.#given,
      plans,
      testEnv: testEnv(),
      rootDir,
      names: isolate.testEnv,
    });
    secrets.note([...this.#led.values]);
    this.#led.apply(testEnv(), earlySetupFiles);
  }

  /** @throws SLOT_ESCAPED where a variable was changed since */
  refuseEscape(): void {
    const { testEnv, testFile, secrets } = this.#options;
    const escaped = this.#led?.escaped(testEnv()) ?? [];
    if (escaped.length > 0) throw slotEscaped(escaped, testFile, secrets);
  }

  /** What stands under a failed assertion. */
  describe(): readonly string[] {
    const { testEnv } = this.#options;
    const escaped = (this.#led?.escaped(testEnv()) ?? []).map(
      ({ name, now }) =>
        `SLOT_ESCAPED: process.env.${name} ${now === undefined ? 'was unset' : `leads to ${now}`}, past the slot of this file`,
    );
    return [...escaped, ...(this.#led?.early ?? [])];
  }

  async end({ isFailed }: { readonly isFailed: boolean }): Promise<void> {
    const lease = this.#lease;
    if (!lease) return;
    try {
      if (isFailed && this.#led && this.#options.isolate.keepFailed) await this.#keep(lease);
    } finally {
      lease.end();
    }
  }

  async #keep(lease: SlotLease): Promise<void> {
    await lease.keep();
    const urls = [...(this.#led?.values ?? [])].filter(([, value]) =>
      lease.slots.some(({ name }) => value.includes(`/${name}`)),
    );
    notice(`${this.#options.testFile} failed, and what it had for itself is kept until you drop it:`);
    for (const [name, url] of urls) notice(`  ${name}=${maskUrl(url)}`);
  }
}
