import type { LaunchPlan } from './plan.ts';

/** The plan as the process gets it: through its tap, where it has one. */
export function takeDetour(plan: LaunchPlan): LaunchPlan {
  const { detour } = plan;
  if (!detour) return plan;
  const env = Object.entries({ ...plan.env, ...detour.env }).filter(
    (variable): variable is [string, string] => variable[1] !== null,
  );
  return { ...plan, args: detour.args, env: Object.fromEntries(env) };
}
