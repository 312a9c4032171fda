export { defineLiveWorkers } from './spec/define-live-workers.ts';
export type {
  LiveWorkersOptions,
  LiveWorkersSpec,
  RestartLimit,
  RestartLimitOptions,
  StopOptions,
  WorkerOptions,
  WorkerSpec,
} from './spec/options.ts';
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
} from './spec/probe-functions.ts';
export type {
  CommandProbeOptions,
  FileProbeOptions,
  HttpProbeOptions,
  LogProbeOptions,
  ModuleProbeOptions,
  NotifyProbeOptions,
  PatternSource,
  PostgresProbeOptions,
  ProbeOptions,
  ProbeSpec,
  ProbeSpecOf,
  RabbitmqProbeOptions,
  SocketProbeOptions,
  TcpProbeOptions,
} from './spec/probe-options.ts';
