export { isLiveWorkerError, LiveWorkerError, type LiveWorkerErrorCode } from './errors.ts';
export type {
  LogStream,
  PublishOptions,
  PublishTarget,
  QueryResult,
  QueueDepth,
  ReceivedMessage,
  ServiceChoice,
  WaitOptions,
  WorkerExit,
  WorkerState,
} from './session/contract.ts';
export { type EventuallyOptions, eventually } from './testing/eventually.ts';
export { liveWorker } from './testing/live-worker.ts';
export { postgres } from './testing/postgres.ts';
export { rabbitmq } from './testing/rabbitmq.ts';
export type { PostgresHandle, RabbitmqHandle } from './testing/service-handles.ts';
export type { WorkerHandle, WorkerLogs } from './testing/worker-handle.ts';
