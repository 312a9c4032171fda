export { isLiveWorkerError, LiveWorkerError, type LiveWorkerErrorCode } from './errors.ts';
export type {
  CopyOptions,
  DeadLetterPlace,
  Declaration,
  EffectSight,
  FlowEntry,
  FlowProof,
  LogStream,
  MessageDeath,
  PublishOptions,
  PublishTarget,
  QueryResult,
  QueueDepth,
  ReceivedMessage,
  ReceivedNotification,
  ServiceChoice,
  SettleOptions,
  TableImage,
  WaitOptions,
  WorkerExit,
  WorkerState,
} from './session/contract.ts';
export { celeryTask } from './testing/celery-task.ts';
export type { ArmedCrash, ReachedCrash } from './testing/crash/crash-handle.ts';
export type { CrashRun, EveryCrashPoint, FinishedRun } from './testing/crash/crash-terms.ts';
export type { Emitted, EmittedOptions } from './testing/crash/emitted.ts';
export { type CrashPoints, everyCrashPoint } from './testing/crash/every-crash-point.ts';
export type { CrashPlace } from './testing/crash/parse-crash-point.ts';
export type { DatabaseFaults, ServiceFaults } from './testing/crash/service-faults.ts';
export type { Envelope } from './testing/envelope.ts';
export { type EventuallyOptions, eventually } from './testing/eventually.ts';
export type { Listener, Match } from './testing/listener.ts';
export { liveWorker } from './testing/live-worker.ts';
export { nestMessage } from './testing/nest-message.ts';
export { postgres } from './testing/postgres.ts';
export type {
  PostgresHandle,
  PostgresNotification,
  PostgresTransaction,
  TableCopy,
} from './testing/postgres-handle.ts';
export { type RabbitmqChoice, rabbitmq } from './testing/rabbitmq.ts';
export type { DeadLetters, RabbitmqHandle } from './testing/rabbitmq-handle.ts';
export type { RabbitmqMessage } from './testing/rabbitmq-message.ts';
export { type Flow, flow } from './testing/tap/flow.ts';
export { settled } from './testing/tap/settled.ts';
export type { WorkerHandle, WorkerLogs } from './testing/worker-handle.ts';
