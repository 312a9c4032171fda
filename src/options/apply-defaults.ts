import { completeProbe } from './complete-probe.ts';
import type { IsolateSpec } from './isolate-options.ts';
import type { LiveWorkersOptions, LiveWorkersSpec, WorkerOptions, WorkerSpec } from './options.ts';
import type { TapOptions } from './tap-options.ts';

const startTimeoutMs = 30_000;
const graceMs = 10_000;
const restartLimit = { count: 3, withinMs: 10_000 };
const maxLogBytes = 1024 ** 3;

/** Fills in what valid options leave out. */
export function applyDefaults(options: LiveWorkersOptions): LiveWorkersSpec {
  return {
    gate: options.gate ?? 'tests',
    keepAliveMs: options.keepAliveMs ?? 0,
    ...completeIsolate(options.isolate),
    services: options.services ?? {},
    workers: Object.entries(options.workers).map(([name, worker]) =>
      completeWorker(name, {
        startTimeoutMs: options.startTimeoutMs ?? startTimeoutMs,
        tap: options.tap ?? false,
        coverage: options.coverage ?? false,
        otel: options.otel ?? false,
        ...worker,
      }),
    ),
  };
}

function completeIsolate(isolate: LiveWorkersOptions['isolate'] = false): Pick<LiveWorkersSpec, 'isolate'> {
  if (isolate === false) return {};
  const defaults: IsolateSpec = {
    postgres: {},
    rabbitmq: {},
    env: {},
    testEnv: [],
    spare: 'auto',
    keepFailed: false,
  };
  return { isolate: { ...defaults, ...(isolate === true ? {} : isolate) } };
}

function completeWorker(
  name: string,
  worker: WorkerOptions &
    Pick<WorkerSpec, 'startTimeoutMs' | 'coverage' | 'otel'> & { readonly tap: boolean | TapOptions },
): WorkerSpec {
  return {
    name,
    command: toArray(worker.command),
    shell: worker.shell ?? false,
    cwd: worker.cwd ?? '.',
    envFiles: toArray(worker.envFile ?? []),
    env: worker.env ?? {},
    inherit: worker.inherit ?? 'all',
    requireEnv: worker.requireEnv ?? [],
    ports: worker.ports ?? [],
    after: worker.after ?? [],
    stdin: worker.stdin ?? 'ignore',
    ready: worker.ready.map(completeProbe),
    startTimeoutMs: worker.startTimeoutMs,
    stop: {
      signal: (worker.stop?.signal ?? 'SIGTERM') as NodeJS.Signals,
      graceMs: worker.stop?.graceMs ?? graceMs,
    },
    stacksSignal: (worker.stacksSignal ?? null) as NodeJS.Signals | null,
    onExit: worker.onExit ?? 'fail',
    restartLimit: { ...restartLimit, ...worker.restartLimit },
    scope: worker.scope ?? 'file',
    ...(worker.watch === undefined ? {} : { watch: worker.watch }),
    leftover: worker.leftover ?? 'fail',
    ...completeTap(worker.tap),
    // Of one that runs elsewhere nothing can be measured: the `coverage` of all workers does not mean it.
    coverage: worker.coverage && !worker.attach,
    otel: worker.otel,
    echo: worker.echo ?? false,
    attach: worker.attach ?? false,
    maxLogBytes: worker.maxLogBytes ?? maxLogBytes,
  };
}

function completeTap(tap: boolean | TapOptions): Pick<WorkerSpec, 'tap' | 'tapIgnore'> {
  if (typeof tap === 'boolean') return { tap };
  return { tap: true, ...(tap.ignore === undefined ? {} : { tapIgnore: tap.ignore }) };
}

function toArray(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
