import { randomBytes } from 'node:crypto';
import type { LaunchPlan } from '../../launch/plan.ts';
import { resolveLaunch } from '../../launch/resolve-launch.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import { givenEnvironment } from '../../process/table/given-environment.ts';
import { interpolateProbe } from './interpolate-probe.ts';

/** What a later launch of a worker has that its spec does not say. */
export interface RestartOptions {
  /** Laid over everything; null unsets. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Those of the launch before, which tests may have read. */
  readonly ports?: LaunchPlan['ports'];
}

/**
 * Resolves one launch under a cookie of its own; nothing is written or started.
 *
 * @throws the codes of `resolveLaunch`
 */
export function planLaunch(
  spec: WorkerSpec,
  rootDir: string,
  { env = {}, ports = {} }: RestartOptions = {},
): Promise<LaunchPlan> {
  const given = givenEnvironment();
  const id = `${spec.name}.${process.pid}.${randomBytes(6).toString('hex')}`;
  return resolveLaunch(spec, {
    rootDir,
    inheritedEnv: given.env,
    setByJest: given.setByJest,
    id,
    applicationName: `live-worker ${id}`.slice(0, 63),
    restartEnv: env,
    ports,
    jestNode: process.execPath,
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
