import type { LaunchPlan } from '../../launch/plan.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { FileSlots } from '../../service/file-slots.ts';
import type { LedServers } from '../../service/led-servers.ts';
import { type LaunchOrigin, planLaunch } from '../../worker/prepare/plan-launch.ts';
import { identifyLaunch, type LaunchIdentity, workerKey } from './worker-key.ts';

/** What a worker would be launched as, before ports are given out: each launch gets its own. @throws the codes of a launch */
export async function planShared(
  spec: WorkerSpec,
  rootDir: string,
  origin: LaunchOrigin,
  { slots, servers }: { readonly slots: FileSlots | undefined; readonly servers: LedServers },
): Promise<{ readonly identity: LaunchIdentity; readonly key: string; readonly plan: LaunchPlan }> {
  const ports = Object.fromEntries(spec.ports.map(name => [name, 1]));
  const plan = await planLaunch(spec, rootDir, {
    ports,
    origin,
    servers,
    slot: slots && (worker => slots.variables(worker)),
  });
  const identity = identifyLaunch(spec, plan, origin.jestNode);
  return { identity, key: workerKey(identity), plan };
}
