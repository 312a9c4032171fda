import type { Cause, CauseRule } from './cause.ts';
import { outputBuffered } from './causes/buffering.ts';
import { celeryTransportMissing } from './causes/celery-transport.ts';
import {
  compilerRefused,
  esbuildFailed,
  nestUnresolved,
  syntaxWrong,
  typescriptRefused,
} from './causes/compilers.ts';
import { diskFull } from './causes/disk.ts';
import { missingVariable } from './causes/environment.ts';
import {
  endedAsDone,
  inputEnded,
  killed,
  missingLibrary,
  refusedByShell,
  wroteNothing,
} from './causes/exit.ts';
import { connectsInVain, hangsInside, importHangs } from './causes/hang.ts';
import { listensElsewhere } from './causes/listening.ts';
import { nearlyWritten } from './causes/log-pattern.ts';
import { nodeModuleFormat, nodeModuleMissing, unsupportedEngine } from './causes/node-modules.ts';
import { addressInUse } from './causes/ports.ts';
import { answersOtherwise, nearlyThere, neverAsked, probeSays } from './causes/probe-reasons.ts';
import {
  pythonFileMissing,
  pythonImportFailed,
  pythonModuleMissing,
  pythonNameMissing,
} from './causes/python-modules.ts';
import { connectedElsewhere, consumesElsewhere, notConnected } from './causes/queues.ts';
import { connectionRefused, loggedInElsewhere, tableMissing } from './causes/services.ts';
import { consumesOnWire, idleOnWire, tapBypassed, toldOnWire } from './causes/tap.ts';
import { toldByBroker } from './causes/told-by-broker.ts';
import { toldByDatabase } from './causes/told-by-database.ts';
import { toldByRedis } from './causes/told-by-redis.ts';
import { uncaughtError } from './causes/uncaught.ts';
import { hostUnknown, neverAnswered } from './causes/unreachable.ts';
import { watcherWaits } from './causes/watchers.ts';
import type { Evidence } from './evidence.ts';

/** The most telling first. */
const rules: readonly CauseRule[] = [
  diskFull,
  pythonModuleMissing,
  pythonNameMissing,
  pythonFileMissing,
  missingLibrary,
  celeryTransportMissing,
  pythonImportFailed,
  nodeModuleMissing,
  nodeModuleFormat,
  unsupportedEngine,
  esbuildFailed,
  compilerRefused,
  typescriptRefused,
  syntaxWrong,
  nestUnresolved,
  missingVariable,
  addressInUse,
  tapBypassed,
  toldByBroker,
  toldByDatabase,
  toldByRedis,
  tableMissing,
  connectionRefused,
  hostUnknown,
  neverAnswered,
  killed,
  refusedByShell,
  inputEnded,
  endedAsDone,
  watcherWaits,
  connectedElsewhere,
  loggedInElsewhere,
  importHangs,
  hangsInside,
  nearlyWritten,
  listensElsewhere,
  answersOtherwise,
  nearlyThere,
  connectsInVain,
  neverAsked,
  notConnected,
  consumesOnWire,
  toldInTime,
  idleOnWire,
  consumesElsewhere,
];

/** Every cause the evidence shows, the leading one first. */
export function findCauses(evidence: Evidence): readonly Cause[] {
  const causes = rules.map(rule => rule(evidence)).filter(cause => cause !== undefined);
  if (causes.length > 0) return causes;
  return [
    uncaughtError(evidence) ??
      toldOnWire(evidence) ??
      outputBuffered(evidence) ??
      probeSays(evidence) ??
      wroteNothing(evidence),
  ].filter(cause => cause !== undefined);
}

/** Of a worker that is gone, its own last words come first. */
function toldInTime(evidence: Evidence): Cause | undefined {
  const { kind } = evidence.failure;
  return kind === 'exited' || kind === 'died' ? undefined : toldOnWire(evidence);
}
