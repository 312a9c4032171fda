import { interpolate } from '../../launch/environment/interpolate.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';

/**
 * The probe with the worker's own variables filled in wherever it holds text, save for what is a pattern or a query.
 *
 * @throws ENV_MISSING
 */
export function interpolateProbe(
  probe: ProbeSpec,
  env: Readonly<Record<string, string>>,
  where: string,
): ProbeSpec {
  if (probe.kind === 'log' || probe.kind === 'module') return probe;
  const filled = Object.entries(probe).map(([key, value]) => [key, fill(value, env, `${where}.${key}`)]);
  return Object.fromEntries(filled) as ProbeSpec;
}

function fill(value: unknown, env: Readonly<Record<string, string>>, where: string): unknown {
  if (typeof value === 'string' && !where.endsWith('.query')) return interpolate(value, env, where);
  if (Array.isArray(value)) return value.map((item, index) => fill(item, env, `${where}[${index}]`));
  return value;
}
