import type { Cause, CauseRule } from './cause.ts';
import { esbuildFailed, nestUnresolved, syntaxWrong, typescriptRefused } from './causes/compilers.ts';
import { diskFull } from './causes/disk.ts';
import { missingVariable } from './causes/environment.ts';
import { endedAsDone, killed, missingLibrary, refusedByShell, wroteNothing } from './causes/exit.ts';
import { importHangs, isSomewhere } from './causes/hang.ts';
import { nodeModuleFormat, nodeModuleMissing, unsupportedEngine } from './causes/node-modules.ts';
import { addressInUse } from './causes/ports.ts';
import {
  pythonFileMissing,
  pythonImportFailed,
  pythonModuleMissing,
  pythonNameMissing,
} from './causes/python-modules.ts';
import { connectedElsewhere, consumesElsewhere, notConnected } from './causes/queues.ts';
import { connectionRefused, tableMissing } from './causes/services.ts';
import { uncaughtError } from './causes/uncaught.ts';
import type { Evidence } from './evidence.ts';

/** The most telling first. */
const rules: readonly CauseRule[] = [
  diskFull,
  pythonModuleMissing,
  pythonNameMissing,
  pythonFileMissing,
  missingLibrary,
  pythonImportFailed,
  nodeModuleMissing,
  nodeModuleFormat,
  unsupportedEngine,
  esbuildFailed,
  typescriptRefused,
  syntaxWrong,
  nestUnresolved,
  missingVariable,
  addressInUse,
  tableMissing,
  connectionRefused,
  killed,
  refusedByShell,
  endedAsDone,
  connectedElsewhere,
  importHangs,
  notConnected,
  consumesElsewhere,
];

/** Every cause the evidence shows, the leading one first. */
export function findCauses(evidence: Evidence): readonly Cause[] {
  const causes = rules.map(rule => rule(evidence)).filter(cause => cause !== undefined);
  if (causes.length > 0) return causes;
  return [uncaughtError(evidence) ?? isSomewhere(evidence) ?? wroteNothing(evidence)].filter(
    cause => cause !== undefined,
  );
}
