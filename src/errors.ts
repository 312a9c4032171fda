const brand = Symbol.for('jest-environment-live-worker.error');

/** Every code a {@link LiveWorkerError} can carry, with the situation it stands for. */
export const errorCodes = {
  OPTIONS_INVALID: 'the options or a pragma have mistakes',
  EXECUTABLE_NOT_FOUND: 'the first word of the command names nothing that exists',
  EXECUTABLE_UNUSABLE: 'the executable exists but the kernel would refuse it: mode, shebang or format',
  CWD_UNUSABLE: 'the working directory is missing or is no directory',
  ENV_FILE_INVALID: 'an env file is missing, unreadable or has a malformed line',
  ENV_MISSING: 'a variable named by requireEnv, a reference or a probe is not set for the worker',
  PORT_UNAVAILABLE: 'no free port could be found',
  SERVICE_UNAVAILABLE: 'RabbitMQ, Postgres or another service a probe names does not answer, or refuses',
  STRANGERS_ON_QUEUE: 'somebody else already consumes from a queue the worker is to consume from',
  SPAWN_FAILED: 'the operating system refused to start the process',
  EXITED_BEFORE_READY: 'the worker ended before its probes were satisfied',
  NOT_READY: 'a probe said that waiting on is useless',
  START_TIMEOUT: 'the deadline passed before all probes were satisfied',
  WORKER_EXITED: 'the worker ended after it was ready, and nobody asked it to',
  STOP_FAILED: 'processes of the worker are still alive after SIGKILL',
  WORKER_UNKNOWN: 'a test asked for a worker this file does not have',
  WORKER_NOT_RUNNING: 'the operation needs a running worker',
  WAIT_TIMEOUT: 'what a test waited for did not happen in time',
  MESSAGE_UNROUTABLE: 'no queue took the published message',
  QUERY_FAILED: 'Postgres refused a query of a test',
  NOT_IN_ENVIRONMENT: 'the fixtures were used outside of the live-worker environment',
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
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }
}

/** True for a {@link LiveWorkerError} of any realm, which `instanceof` is not. */
export function isLiveWorkerError(value: unknown): value is LiveWorkerError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
