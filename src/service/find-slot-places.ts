import { isLiveWorkerError } from '../errors.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { IsolateSpec } from '../options/isolate-options.ts';
import type { ProbeSpec } from '../options/probe-options.ts';
import { type ServiceKinds, serviceKinds } from './service-kinds.ts';
import type { SlotPlace } from './slot-lease.ts';

/** A worker as it would be launched without a slot. */
export interface UnslottedLaunch {
  readonly plan: LaunchPlan;
  readonly specs: readonly ProbeSpec[];
}

/**
 * The places that workers of one test file use: those their probes name, and those their variables lead to.
 *
 * @throws ENV_MISSING, OPTIONS_INVALID for a URL that leads to no one place
 */
export function findSlotPlaces(
  launches: readonly UnslottedLaunch[],
  isolate: IsolateSpec,
  kinds: ServiceKinds = serviceKinds,
): readonly SlotPlace[] {
  const places = new Map<string, SlotPlace>();
  for (const { plan, specs } of launches) {
    for (const [kind, service] of Object.entries(kinds)) {
      if (!service.slot || (isolate as unknown as Readonly<Record<string, unknown>>)[kind] === false)
        continue;
      for (const url of urlsOf(kind, service, { plan, specs })) {
        const place = service.slot.placeOf(url, plan);
        const known = places.get(`${kind} ${place}`);
        places.set(`${kind} ${place}`, {
          kind,
          place,
          urls: [...new Set([...(known?.urls ?? []), url])],
          // The tests' own is one of them.
          connections: (known?.connections ?? 1) + 1,
          surroundings: known?.surroundings ?? { env: plan.env, cwd: plan.cwd },
        });
      }
    }
  }
  return [...places.values()];
}

function urlsOf(
  kind: string,
  service: ServiceKinds[string],
  { plan, specs }: UnslottedLaunch,
): readonly string[] {
  const probed = specs.flatMap((spec, index) =>
    spec.kind === kind
      ? [
          service.locate('url' in spec ? spec.url : undefined, {
            env: plan.env,
            cwd: plan.cwd,
            where: `workers.${plan.worker}.ready[${index}]`,
          }).url,
        ]
      : [],
  );
  return [...new Set([...probed, ...said(service, plan)])];
}

/** A worker may use what no probe of it looks at. */
function said(service: ServiceKinds[string], plan: LaunchPlan): readonly string[] {
  try {
    return [service.locate(undefined, { env: plan.env, cwd: plan.cwd, where: 'isolate' }).url];
  } catch (error) {
    if (isLiveWorkerError(error) && error.code === 'ENV_MISSING') return [];
    throw error;
  }
}
