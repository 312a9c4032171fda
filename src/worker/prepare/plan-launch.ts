import { randomBytes } from 'node:crypto';
import type {
  CoverageVariables,
  ServerVariables,
  SlotVariables,
} from '../../launch/environment/resolve-environment.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import { resolveLaunch } from '../../launch/resolve-launch.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import { type GivenEnvironment, givenEnvironment } from '../../process/table/given-environment.ts';
import { interpolateProbe } from './interpolate-probe.ts';

/** The process a launch is planned for: its environment is inherited, and its Node runs `node`. */
export interface LaunchOrigin extends GivenEnvironment {
  /** `process.execPath` */
  readonly jestNode: string;
}

export function ownOrigin(): LaunchOrigin {
  return { ...givenEnvironment(), jestNode: process.execPath };
}

/** What a later launch of a worker has that its spec does not say. */
export interface RestartOptions {
  /** Laid over everything; null unsets. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Those of the launch before, which tests may have read. */
  readonly ports?: LaunchPlan['ports'];
}

/** What a launch depends on beside spec and folder. */
export interface LaunchTerms extends RestartOptions {
  readonly origin?: LaunchOrigin | undefined;
  readonly servers?: ServerVariables | undefined;
  readonly slot?: SlotVariables | undefined;
  readonly coverage?: CoverageVariables | undefined;
  /** Where a worker with `otel` is to send its spans. */
  readonly otlpEndpoint?: string | undefined;
}

/**
 * Resolves one launch under a cookie of its own; nothing is written or started.
 *
 * @throws the codes of `resolveLaunch`
 */
export function planLaunch(
  spec: WorkerSpec,
  rootDir: string,
  { env = {}, ports = {}, servers, slot, coverage, otlpEndpoint, origin = ownOrigin() }: LaunchTerms = {},
): Promise<LaunchPlan> {
  const id = `${spec.name}.${process.pid}.${randomBytes(6).toString('hex')}`;
  return resolveLaunch(spec, {
    rootDir,
    inheritedEnv: origin.env,
    setByJest: origin.setByJest,
    id,
    applicationName: `live-worker ${id}`.slice(0, 63),
    servers,
    slot,
    coverage,
    otlpEndpoint,
    restartEnv: env,
    ports,
    jestNode: origin.jestNode,
  });
}

/** The probes of a worker with its own variables filled in. @throws ENV_MISSING */
export function aimProbes(spec: WorkerSpec, env: LaunchPlan['env']): readonly ProbeSpec[] {
  return spec.ready.map((probe, index) => interpolateProbe(probe, env, probePlace(spec.name, index)));
}

/** A probe as messages name it. */
export function probePlace(worker: string, index: number): string {
  return `workers.${worker}.ready[${index}]`;
}
