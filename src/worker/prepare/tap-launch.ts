import type { LaunchPlan, TapDetour } from '../../launch/plan.ts';
import type { Services } from '../../service/services.ts';
import { type LaunchTap, type TapLeg, tapHost } from '../../tap/launch-tap.ts';
import { upstreamKey } from '../../tap/proxy/upstream.ts';
import type { Tappable } from '../../tap/tappable.ts';
import type { Taps } from './taps.ts';

/** A launch that goes through its tap. */
export interface TappedLaunch {
  readonly plan: LaunchPlan;
  readonly tap?: LaunchTap;
}

type Leading = Extract<Tappable, { readonly upstream: unknown }>;

/**
 * Opens what is to stand between a worker and the services its variables name. The variables of the plan stay: what its process
 * gets instead is the plan's detour.
 *
 * @throws SPAWN_FAILED
 */
export async function tapLaunch(
  plan: LaunchPlan,
  { services, taps }: { readonly services: Services; readonly taps: Taps },
): Promise<TappedLaunch> {
  const tappable = await services.tappable(plan);
  for (const one of tappable)
    if ('untappable' in one)
      taps.say(
        `${plan.worker}: its tap does not see what ${one.variables.join(', ')} leads to: ${one.untappable}`,
      );
  const leading = tappable.filter((one): one is Leading => 'upstream' in one);
  if (leading.length === 0) {
    taps.say(
      `${plan.worker}: its tap sees nothing: none of its variables is the URL of a broker or a database`,
    );
    return { plan };
  }
  const tap = taps.of(plan.worker);
  const ports = await tap.listen(leading.map(({ upstream }) => upstream));
  tap.beginLaunch();
  const detours = leading.map((one, index) => one.leadTo({ host: tapHost, port: ports[index] ?? 0 }));
  const env = Object.assign({}, ...detours) as TapDetour['env'];
  const legs = joinLegs(leading, ports);
  return {
    plan: { ...plan, detour: { env, args: plan.args.map(word => redirect(word, plan.env, env)) } },
    tap: {
      legs,
      look: () => tap.look(),
      beginTest: atMs => tap.beginTest(atMs),
      read: after => tap.read(after),
    },
  };
}

/** Several variables may lead to one place. */
function joinLegs(leading: readonly Leading[], ports: readonly number[]): readonly TapLeg[] {
  const legs = new Map<string, TapLeg>();
  leading.forEach(({ upstream, variables }, index) => {
    const key = upstreamKey(upstream);
    const { protocol, address } = upstream;
    const known = legs.get(key)?.variables ?? [];
    legs.set(key, { key, port: ports[index] ?? 0, protocol, address, variables: [...known, ...variables] });
  });
  return [...legs.values()];
}

/** A word of the command that holds the value of a variable holds that of the tap. */
function redirect(word: string, env: LaunchPlan['env'], detour: TapDetour['env']): string {
  return Object.entries(detour).reduce((text, [name, value]) => {
    const given = env[name];
    return value !== null && given?.includes('://') ? text.replaceAll(given, value) : text;
  }, word);
}
