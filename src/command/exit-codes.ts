import type { LiveWorkerErrorCode } from '../errors.ts';

/** What the command ends with, beside the code of the program that `replay --run` ran and 128 + the number of a signal. */
export const exitCodes = {
  done: 0,
  /** A worker ended, was not ready in time, or would not end. */
  workerFailed: 1,
  /** The command line or the configuration has a mistake. */
  wrongUse: 2,
  /** What a launch needs is not on this machine. */
  launchImpossible: 3,
  /** A service does not answer, or another process is in the way. */
  inTheWay: 4,
  /** None of the known failures. */
  unexpected: 70,
} as const;

const codeOf: Readonly<Record<LiveWorkerErrorCode, number>> = {
  OPTIONS_INVALID: exitCodes.wrongUse,
  EXECUTABLE_NOT_FOUND: exitCodes.launchImpossible,
  EXECUTABLE_UNUSABLE: exitCodes.launchImpossible,
  COMMAND_WATCHES: exitCodes.launchImpossible,
  CWD_UNUSABLE: exitCodes.launchImpossible,
  ENV_FILE_INVALID: exitCodes.launchImpossible,
  ENV_MISSING: exitCodes.launchImpossible,
  PORT_UNAVAILABLE: exitCodes.launchImpossible,
  RECORDS_UNWRITABLE: exitCodes.launchImpossible,
  RECORDS_NOT_OURS: exitCodes.launchImpossible,
  SERVICE_UNAVAILABLE: exitCodes.inTheWay,
  SERVER_UNAVAILABLE: exitCodes.launchImpossible,
  SERVER_LOST: exitCodes.unexpected,
  STRANGERS_ON_QUEUE: exitCodes.inTheWay,
  LEFTOVER_MESSAGES: exitCodes.inTheWay,
  TURN_REFUSED: exitCodes.inTheWay,
  TURN_LOST: exitCodes.inTheWay,
  STRANGERS_ON_PORT: exitCodes.inTheWay,
  SLOT_UNAVAILABLE: exitCodes.inTheWay,
  SLOT_ESCAPED: exitCodes.unexpected,
  PREPARE_FAILED: exitCodes.launchImpossible,
  SPAWN_FAILED: exitCodes.workerFailed,
  EXITED_BEFORE_READY: exitCodes.workerFailed,
  NOT_READY: exitCodes.workerFailed,
  START_TIMEOUT: exitCodes.workerFailed,
  TAP_BYPASSED: exitCodes.workerFailed,
  TAP_NEEDED: exitCodes.unexpected,
  CRASH_NOT_REACHED: exitCodes.unexpected,
  CRASH_POINTS_UNCLEAR: exitCodes.unexpected,
  NOT_IDEMPOTENT: exitCodes.unexpected,
  WORKER_EXITED: exitCodes.workerFailed,
  RESTART_LIMIT_EXCEEDED: exitCodes.workerFailed,
  LOG_LIMIT_EXCEEDED: exitCodes.workerFailed,
  STOP_FAILED: exitCodes.workerFailed,
  WORKER_UNKNOWN: exitCodes.wrongUse,
  WORKER_NOT_RUNNING: exitCodes.unexpected,
  STACKS_UNAVAILABLE: exitCodes.unexpected,
  WAIT_TIMEOUT: exitCodes.unexpected,
  NOT_SETTLED: exitCodes.unexpected,
  DEAD_LETTERED: exitCodes.unexpected,
  SETTLED_BLIND: exitCodes.unexpected,
  MESSAGE_UNROUTABLE: exitCodes.unexpected,
  BROKER_REFUSED: exitCodes.unexpected,
  QUERY_FAILED: exitCodes.unexpected,
  ARGUMENT_INVALID: exitCodes.unexpected,
  CALL_FAILED: exitCodes.unexpected,
  ROWS_DIFFER: exitCodes.unexpected,
  NOT_IN_ENVIRONMENT: exitCodes.unexpected,
  COMMAND_INVALID: exitCodes.wrongUse,
  CONFIG_UNREADABLE: exitCodes.wrongUse,
  REPLAY_IMPOSSIBLE: exitCodes.wrongUse,
  REPORT_IMPOSSIBLE: exitCodes.wrongUse,
  WORKER_HELD: exitCodes.inTheWay,
  ATTACH_FAILED: exitCodes.inTheWay,
  WORKER_SHARED: exitCodes.unexpected,
  REPORTER_MISSING: exitCodes.unexpected,
  WORKER_ATTACHED: exitCodes.unexpected,
  SUPERVISOR_UNSAFE: exitCodes.launchImpossible,
  SUPERVISOR_NOT_STARTED: exitCodes.unexpected,
  SUPERVISOR_LOST: exitCodes.unexpected,
};

export function exitCodeOf(code: LiveWorkerErrorCode): number {
  return codeOf[code];
}
