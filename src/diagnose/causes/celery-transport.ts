import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';

/** The package of a broker that Celery speaks to through another library: kombu imports none, and goes on without. */
export function celeryTransportMissing(evidence: Evidence): Cause | undefined {
  const asked = findInOutput(evidence, /Missing (\w+) library \(pip install ([\w[\],.-]+)\)/);
  const unspoken = findInOutput(evidence, /'NoneType' object has no attribute '(?:Redis|StrictRedis)'/);
  const name = asked?.[2] ?? (unspoken ? 'redis' : undefined);
  if (name === undefined) return undefined;
  const interpreter = evidence.interpreter?.path;
  const python = interpreter === undefined ? 'python' : interpreter;
  return {
    text: `Python has no package "${name}", which the broker of its URL needs${interpreter === undefined ? '' : `; it ran as ${interpreter}`}`,
    change: [
      `install it for that interpreter: ${python} -m pip install ${name}; or correct the scheme of its broker's URL`,
    ],
  };
}
