import { describeKind } from './text/describe-kind.ts';
import { escapeControls } from './text/escape-controls.ts';

const brand = Symbol.for('jest-environment-live-worker.error');

/** Every code a {@link LiveWorkerError} can carry, with the situation it stands for. */
export const errorCodes = {
  OPTIONS_INVALID: 'the options or a pragma have mistakes',
  EXECUTABLE_NOT_FOUND: 'the first word of the command names nothing that exists',
  EXECUTABLE_UNUSABLE: 'the executable exists but the kernel would refuse it: mode, shebang or format',
  COMMAND_WATCHES:
    'the command restarts its program when files change and outlives it, so that its death would go unseen',
  CWD_UNUSABLE: 'the working directory is missing or is no directory',
  ENV_FILE_INVALID: 'an env file is missing, unreadable or has a malformed line',
  ENV_MISSING: 'a variable named by requireEnv, a reference or a probe is not set for the worker',
  PORT_UNAVAILABLE: 'no free port could be found',
  SERVICE_UNAVAILABLE: 'RabbitMQ, Postgres or another service a probe names does not answer, or refuses',
  SERVER_UNAVAILABLE: 'a server that services asks for can be neither found nor started on this machine',
  SERVER_LOST: 'a server that was started for the run ended while a test file used it',
  STRANGERS_ON_QUEUE: 'another consumer is on a queue the worker is to consume from already',
  LEFTOVER_MESSAGES:
    'a worker that the run shares died and left messages, which the fresh one would take first',
  STRANGERS_ON_PORT: 'another process listens where a probe will ask for the worker already',
  TURN_REFUSED: 'the user of the broker may not declare the queue that stands for the turn of a file',
  TURN_LOST: 'another file took the turn on a queue after the broker closed the connection that held it',
  SPAWN_FAILED: 'the operating system refused to start the process',
  EXITED_BEFORE_READY: 'the worker ended before its probes were satisfied',
  NOT_READY: 'a probe said that waiting on is useless',
  START_TIMEOUT: 'the deadline passed before all probes were satisfied',
  TAP_BYPASSED: 'the worker does not come to its tap, but reaches a service by another way',
  TAP_NEEDED: 'what a test asks of a worker is done by its tap, and it has none',
  CRASH_NOT_REACHED: 'the test was over and the worker had not come to the point where it was to crash',
  CRASH_POINTS_UNCLEAR:
    'the points at which a worker may crash cannot be told: it does not do the same each time, or unseen',
  NOT_IDEMPOTENT: 'a worker that crashed and was started again left something else than one that did not',
  WORKER_EXITED: 'the worker ended after it was ready, and live-worker did not stop it',
  RESTART_LIMIT_EXCEEDED: 'the worker ended again after it was restarted as often as restartLimit allows',
  LOG_LIMIT_EXCEEDED: 'the worker was ended because it wrote more than maxLogBytes',
  STOP_FAILED: 'processes of the worker are still alive after SIGKILL',
  WORKER_UNKNOWN: 'a test asked for a worker this file does not have, or the command for one there is not',
  WORKER_NOT_RUNNING: 'the operation needs a running worker',
  STACKS_UNAVAILABLE: 'no process of the worker can say what it is doing and live',
  WAIT_TIMEOUT: 'what a test waited for did not happen in time',
  NOT_SETTLED: 'something that the workers of a test do was not over in time',
  DEAD_LETTERED: 'a message ended in a dead-letter queue while a test waited for what was to follow from it',
  SETTLED_BLIND: 'a worker says that a message is done before it is, so that nobody sees when it has settled',
  MESSAGE_UNROUTABLE: 'no queue took the published message',
  BROKER_REFUSED: 'RabbitMQ refused what a test asked for: the exchange or queue is missing, or a permission',
  QUERY_FAILED: 'Postgres refused a query of a test',
  SLOT_UNAVAILABLE: 'a database or a vhost for the test file alone cannot be made on that server',
  SLOT_ESCAPED: 'a variable of the test file leads past its slot',
  PREPARE_FAILED: 'the command of isolate.postgres.prepare made no template that can be copied',
  ARGUMENT_INVALID: 'a fixture was called with an argument it cannot take',
  CALL_FAILED: 'the worker answered the call of a test with an error',
  ROWS_DIFFER: 'a table has not the rows it had when it was copied',
  RECORDS_UNWRITABLE: 'the logs and records of a test file cannot be written',
  RECORDS_NOT_OURS: 'the folder .live-worker is a link, of another user, or writable by every user',
  NOT_IN_ENVIRONMENT: 'the fixtures were used outside of the live-worker environment',
  COMMAND_INVALID: 'the command line of live-worker has a mistake',
  CONFIG_UNREADABLE: 'the Jest configuration could not be read',
  REPLAY_IMPOSSIBLE: 'the recorded launch is not there, cannot be read, or lacks a secret',
  REPORT_IMPOSSIBLE: 'there is no run to report, or what was named as a report is none',
  WORKER_HELD: 'another `live-worker run` holds the worker already',
  ATTACH_FAILED: 'the worker to attach to is not there',
  WORKER_SHARED: 'the operation is not possible on a worker that all test files of the run share',
  REPORTER_MISSING:
    "scope: 'run', isolate or services needs the reporter, which ends with the run what outlives a file, and it is not in the configuration",
  WORKER_ATTACHED: 'the operation is not possible on a worker this file only attached to',
  SUPERVISOR_UNSAFE: "the folder of the supervisor's socket is a link, another user's, or open to others",
  SUPERVISOR_NOT_STARTED: 'the process that holds what lives as long as the run did not start',
  SUPERVISOR_LOST: 'the process that holds what lives as long as the run died, or does not answer any more',
} as const;

/** @see {@link errorCodes} */
export type LiveWorkerErrorCode = keyof typeof errorCodes;

/** Plain data, the same in every realm and in JSON. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The one error class: a stable `code`, a message for people, `details` for programs. */
export class LiveWorkerError extends Error {
  override readonly name = 'LiveWorkerError';
  readonly code: LiveWorkerErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: LiveWorkerErrorCode,
    message: string,
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(
      escapeControls(message, { keepColours: true }),
      'cause' in options ? { cause: options.cause } : undefined,
    );
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, brand, { value: true });
    if (this.stack !== undefined) this.stack = this.stack.replace(/^\w+/, titleOf(this));
  }
}

/** Above the frames of a stack: name, code as Node shows those of its own errors, message. */
export function headlineOf(error: Error): string {
  return `${titleOf(error)}: ${error.message}`;
}

function titleOf(error: Error): string {
  return isLiveWorkerError(error) ? `${error.name} [${error.code}]` : error.name;
}

/** True for a {@link LiveWorkerError} of any realm, which `instanceof` is not. */
export function isLiveWorkerError(value: unknown): value is LiveWorkerError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** @param argument as the call has it: `declare(): type`; @param wanted behind "wanted": `a text that is not empty` */
export function argumentInvalid(argument: string, given: unknown, wanted: string): LiveWorkerError {
  return new LiveWorkerError('ARGUMENT_INVALID', `${argument} is ${describeKind(given)}, wanted ${wanted}`, {
    details: { argument },
  });
}
