import type { LaunchInputs } from '../../src/launch/resolve-launch.ts';
import type { WorkerSpec } from '../../src/options/options.ts';

/** A spec with every default. */
export function workerSpec(changes: Partial<WorkerSpec> = {}): WorkerSpec {
  return {
    name: 'ops',
    command: ['node', 'worker.js'],
    shell: false,
    cwd: '.',
    envFiles: [],
    env: {},
    inherit: 'all',
    requireEnv: [],
    ports: [],
    after: [],
    ready: [],
    startTimeoutMs: 30_000,
    stop: { signal: 'SIGTERM', graceMs: 10_000 },
    stacksSignal: null,
    onExit: 'fail',
    restartLimit: { count: 3, withinMs: 10_000 },
    scope: 'file',
    leftover: 'fail',
    tap: false,
    coverage: false,
    otel: false,
    echo: false,
    attach: false,
    stdin: 'ignore',
    maxLogBytes: 1024 ** 3,
    ...changes,
  };
}

/** Of a session without anything of its own. */
export function launchInputs(changes: Partial<LaunchInputs> = {}): LaunchInputs {
  return {
    rootDir: '/',
    inheritedEnv: {},
    id: 'run-1.ops',
    applicationName: 'live-worker ops',
    jestNode: process.execPath,
    ...changes,
  };
}
