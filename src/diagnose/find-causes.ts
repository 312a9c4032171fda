import type { Cause, CauseRule } from './cause.ts';
import { diskFull } from './causes/disk.ts';
import { missingVariable } from './causes/environment.ts';
import { endedAsDone, killed, missingLibrary, refusedByShell, wroteNothing } from './causes/exit.ts';
import { importHangs, isSomewhere } from './causes/hang.ts';
import { nodeModuleFormat, nodeModuleMissing, unsupportedEngine } from './causes/node-modules.ts';
import { addressInUse } from './causes/ports.ts';
import { pythonImportFailed, pythonModuleMissing } from './causes/python-modules.ts';
import { connectedElsewhere, consumesElsewhere, notConnected } from './causes/queues.ts';
import { connectionRefused, loggedInElsewhere, tableMissing } from './causes/services.ts';
import type { Evidence } from './evidence.ts';

/** The most telling first. */
const rules: readonly CauseRule[] = [
  diskFull,
  pythonModuleMissing,
  missingLibrary,
  pythonImportFailed,
  nodeModuleMissing,
  nodeModuleFormat,
  unsupportedEngine,
  missingVariable,
  addressInUse,
  tableMissing,
  connectionRefused,
  killed,
  refusedByShell,
  endedAsDone,
  connectedElsewhere,
  loggedInElsewhere,
  importHangs,
  notConnected,
  consumesElsewhere,
];

/** Every cause the evidence shows, the leading one first. */
export function findCauses(evidence: Evidence): readonly Cause[] {
  const causes = rules.map(rule => rule(evidence)).filter(cause => cause !== undefined);
  if (causes.length > 0) return causes;
  return [isSomewhere(evidence) ?? wroteNothing(evidence)].filter(cause => cause !== undefined);
}
