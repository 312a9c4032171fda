import { secretSources, secretSourcesOf } from '../../launch/secret-sources.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { SecretSource } from '../../secrets/list-secrets.ts';
import { aimProbes, planLaunch } from './plan-launch.ts';

/** Every secret a worker may have been launched with, as far as its configuration tells now: its env files included. */
export async function knownSecrets(spec: WorkerSpec, rootDir: string): Promise<readonly SecretSource[]> {
  const asked = secretSourcesOf(spec);
  try {
    const plan = await planLaunch(spec, rootDir);
    return [...asked, ...secretSources(plan, []), ...secretSources(plan, aimProbes(spec, plan.env))];
  } catch {
    // What cannot be resolved was not launched.
    return asked;
  }
}
