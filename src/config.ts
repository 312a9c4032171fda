export { defineLiveWorkers } from './options/define-live-workers.ts';
export type {
  IsolateOptions,
  IsolatePostgresOptions,
  IsolateRabbitmqOptions,
  IsolateSpec,
} from './options/isolate-options.ts';
export {
  type ConfigPlace,
  type LiveWorkersConfig,
  withLiveWorkers,
} from './options/jest-config/with-live-workers.ts';
export type {
  LiveWorkersOptions,
  LiveWorkersSpec,
  RestartLimit,
  RestartLimitOptions,
  StopOptions,
  WorkerOptions,
  WorkerSpec,
} from './options/options.ts';
export {
  command,
  file,
  http,
  log,
  moduleProbe as module,
  notify,
  postgres,
  rabbitmq,
  socket,
  tcp,
} from './options/probe-functions.ts';
export type {
  CommandProbeOptions,
  FileProbeOptions,
  HttpProbeOptions,
  HttpStatus,
  LogProbeOptions,
  ModuleProbeOptions,
  NotifyProbeOptions,
  PatternSource,
  PostgresProbeOptions,
  ProbeOptions,
  ProbePace,
  ProbeSpec,
  ProbeSpecOf,
  RabbitmqProbeOptions,
  SocketProbeOptions,
  TcpProbeOptions,
} from './options/probe-options.ts';
export type { TapIgnoreOptions, TapOptions, TapPreset } from './options/tap-options.ts';
