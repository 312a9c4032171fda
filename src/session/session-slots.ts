import { LiveWorkerError } from '../errors.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { IsolateSpec } from '../options/isolate-options.ts';
import type { WorkerSpec } from '../options/options.ts';
import { optionsInvalid } from '../options/options-invalid.ts';
import { maskUrl } from '../secrets/mask-url.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { FileSlots } from '../service/file-slots.ts';
import { findSlotPlaces } from '../service/find-slot-places.ts';
import type { ServiceKinds } from '../service/service-kinds.ts';
import type { SlotLease, SlotRequest } from '../service/slot-lease.ts';
import { notice } from '../text/notice.ts';
import { aimProbes, planLaunch } from '../worker/prepare/plan-launch.ts';
import { type LedVariables, ledVariables } from './led-variables.ts';

export interface SessionSlotsOptions {
  readonly isolate: IsolateSpec;
  readonly rootDir: string;
  readonly testFile: string;
  /** `process.env` of the test file. */
  readonly testEnv: Record<string, string | undefined>;
  /** Those that run before the environment is set up. */
  readonly earlySetupFiles: readonly string[];
  /** True where the file has every worker of the configuration. */
  readonly hasAllWorkers: boolean;
  readonly kinds?: ServiceKinds | undefined;
  readonly secrets: Secrets;
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
    const { isolate, rootDir, testFile, kinds, hasAllWorkers, openSlots, onLost } = this.#options;
    const launches = await Promise.all(
      specs.map(async spec => {
        const plan = await planLaunch(spec, rootDir);
        return { plan, specs: aimProbes(spec, plan.env) };
      }),
    );
    const places = findSlotPlaces(launches, isolate, kinds);
    if (places.length === 0) {
      if (hasAllWorkers && specs.length > 0) throw nothingToIsolate(specs);
      return;
    }
    const lease = await openSlots({ rootDir, testFile, isolate, places });
    this.#lease = lease;
    this.#given = new FileSlots(lease.slots, isolate.env, kinds);
    const [missing] = this.#given.missingNames();
    if (missing !== undefined) throw nameMissing(missing, specs);
    void lease.lost.then(onLost);
  }

  /** Leads the test file to what its workers use. @throws OPTIONS_INVALID for a variable of `testEnv` that no worker has */
  lead(plans: readonly LaunchPlan[]): void {
    const { testEnv, rootDir, isolate, earlySetupFiles, secrets } = this.#options;
    if (!this.#given) return;
    this.#led = ledVariables({ slots: this.#given, plans, testEnv, rootDir, names: isolate.testEnv });
    secrets.note([...this.#led.values]);
    this.#led.apply(testEnv, earlySetupFiles);
  }

  /** @throws SLOT_ESCAPED where a variable was changed since */
  refuseEscape(): void {
    const escaped = this.#led?.escaped(this.#options.testEnv) ?? [];
    const [first] = escaped;
    if (!first) return;
    const { secrets, testFile } = this.#options;
    const others = escaped.slice(1).map(({ name }) => name);
    throw new LiveWorkerError(
      'SLOT_ESCAPED',
      [
        `Cannot run the tests of ${testFile}: process.env.${first.name} leads past its slot${others.length > 0 ? `, and so does ${others.join(', ')}` : ''}`,
        `cause:  it is ${first.now === undefined ? 'unset' : `"${secrets.mask(first.now)}"`}, and was set to "${secrets.mask(first.wanted)}" before the file was loaded; the file, what it loads, or one of setupFilesAfterEnv has changed it`,
        'change: leave a variable alone that is set already, as dotenv does without override, or take it out of the env file of the tests',
      ].join('\n'),
      { details: { variables: escaped.map(({ name }) => name) } },
    );
  }

  /** What stands under a failed assertion. */
  describe(): readonly string[] {
    const { testEnv } = this.#options;
    const escaped = (this.#led?.escaped(testEnv) ?? []).map(
      ({ name, now }) =>
        `SLOT_ESCAPED: process.env.${name} ${now === undefined ? 'was unset' : `leads to ${now}`}, past the slot of this file`,
    );
    return [...escaped, ...(this.#led?.early ?? [])];
  }

  async end({ isFailed }: { readonly isFailed: boolean }): Promise<void> {
    const lease = this.#lease;
    if (!lease) return;
    try {
      if (isFailed && this.#options.isolate.keepFailed) await this.#keep(lease);
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

function nothingToIsolate(specs: readonly WorkerSpec[]): LiveWorkerError {
  const names = specs.map(({ name }) => `"${name}"`).join(', ');
  return optionsInvalid('Cannot isolate test files', [
    {
      path: 'isolate',
      given: `workers that use neither RabbitMQ nor Postgres: ${names}`,
      wanted: 'none, or a worker with RABBITMQ_URL, DATABASE_URL or a probe of one of them',
    },
  ]);
}

function nameMissing(name: string, specs: readonly WorkerSpec[]): LiveWorkerError {
  const names = specs.map(spec => `"${spec.name}"`).join(', ');
  return optionsInvalid('Cannot isolate test files', [
    {
      path: 'isolate.env',
      given: `"\${slot.${name}}"`,
      wanted: `a ${name} to be there`,
      hint: `none of the workers ${names} has a probe or a variable that leads to one`,
    },
  ]);
}
