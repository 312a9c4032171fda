import { maskCommand, maskValue } from '../secrets/mask-value.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ExecutableOrigin, LaunchPlan, VariableOrigin, WithheldVariable } from './plan.ts';

/** A launch as it is written to disk and shown: without a secret. */
export interface LaunchRecord {
  readonly worker: string;
  readonly id: string;
  /** The program by its absolute path, and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly executable: ExecutableOrigin;
  /** Sorted by name. */
  readonly env: Readonly<Record<string, RecordedVariable>>;
  readonly withheld: readonly WithheldVariable[];
  readonly ports: Readonly<Record<string, number>>;
  /** What its tap gave it instead of what `env` says; it is not there any more. */
  readonly tapped?: Readonly<Record<string, string | null>>;
}

/** A variable with its value masked, and the layer that set it. */
interface RecordedVariable {
  readonly value: string;
  readonly from: VariableOrigin;
}

/** The record of a launch: the plan with every secret as `***`. */
export function toLaunchRecord(plan: LaunchPlan, secrets: Secrets): LaunchRecord {
  const { worker, id, file, args, cwd, executable, env, provenance, withheld, ports, detour } = plan;
  const names = Object.keys(env).sort();
  return {
    worker,
    id,
    command: [file, ...maskCommand(args, secrets)],
    cwd,
    executable: { ...executable, asked: maskCommand([executable.asked], secrets)[0] ?? '' },
    env: Object.fromEntries(
      names.map(name => [
        name,
        {
          value: secrets.mask(maskValue(name, env[name] ?? '')),
          from: provenance[name] ?? { layer: 'inherited' },
        },
      ]),
    ),
    withheld: withheld.map(({ value, ...rest }) =>
      value === undefined ? rest : { ...rest, value: secrets.mask(maskValue(rest.name, value)) },
    ),
    ports,
    ...(detour ? { tapped: maskVariables(detour.env, secrets) } : {}),
  };
}

function maskVariables(
  env: Readonly<Record<string, string | null>>,
  secrets: Secrets,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value === null ? null : secrets.mask(maskValue(name, value)),
    ]),
  );
}
