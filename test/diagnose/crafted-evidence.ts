import type { Evidence, EvidenceVariable, ExpectedService } from '../../src/diagnose/evidence.ts';
import type { ProbeTarget } from '../../src/probe/probe-target.ts';

export const broker: ExpectedService = {
  kind: 'rabbitmq',
  title: 'RabbitMQ',
  role: 'broker',
  endpoint: { host: 'localhost', port: 5672 },
  addresses: ['127.0.0.1'],
  source: 'RABBITMQ_URL, set in .env:3',
  queues: ['default'],
};

export const database: ExpectedService = {
  kind: 'postgres',
  title: 'Postgres',
  role: 'database',
  endpoint: { host: 'localhost', port: 5432 },
  addresses: ['127.0.0.1'],
  source: 'DATABASE_URL, set in .env:4',
  queues: [],
};

export const toBroker = { host: '127.0.0.1', port: 5672 };

export const exited = (code: number) => ({ kind: 'exited', exit: { code, signal: null } }) as const;
export const killedBy = (signal: NodeJS.Signals) =>
  ({ kind: 'exited', exit: { code: null, signal } }) as const;
export const timeout = { kind: 'timeout' } as const;

export function variable(name: string, value: string, origin = 'set in .env:1'): EvidenceVariable {
  return { name, value, origin };
}

export function stderr(...lines: readonly string[]): Pick<Evidence, 'output'> {
  return { output: { stdout: [], stderr: lines } };
}

/** A worker that exited with 1 and said nothing anybody knows. */
export function evidence(rest: Partial<Evidence> = {}): Evidence {
  return {
    worker: 'ops',
    failure: exited(1),
    command: ['/app/.venv/bin/python', 'worker.py'],
    cwd: '/app/services/ops',
    stdin: 'ignore',
    rootDir: '/app',
    interpreter: {
      path: '/app/.venv/bin/python',
      realPath: '/usr/bin/python3.11',
      rule: 'venv',
      venv: '/app/.venv',
      isPython: true,
    },
    variables: [],
    withheld: [],
    notes: [],
    output: { stdout: ['starting'], stderr: ['it is over'] },
    logPaths: { stdout: '/app/.live-worker/ops.stdout.log', stderr: '/app/.live-worker/ops.stderr.log' },
    probes: [],
    startTimeoutMs: 30_000,
    services: [],
    queues: [],
    consumedQueues: undefined,
    elsewhere: [],
    peers: undefined,
    listening: undefined,
    connecting: undefined,
    listeningPaths: [],
    tree: [],
    memoryKills: undefined,
    leftOver: [],
    stacks: [],
    busy: [],
    search: search(),
    ...rest,
  };
}

/** Who holds which port. */
export function holders(pids: Readonly<Record<number, number>>): Evidence['search'] {
  return search({
    listenersOn: port => (pids[port] === undefined ? [] : [{ pid: pids[port], command: 'holder' }]),
  });
}

/** Finds nothing but what is said. */
export function search(rest: Partial<Evidence['search']> = {}): Evidence['search'] {
  return {
    listenersOn: () => [],
    pythonModule: () => ({ interpreters: [], sourceFolders: [] }),
    nearestLine: () => undefined,
    nearestPath: () => undefined,
    sourceLine: () => undefined,
    nearestFile: () => undefined,
    ...rest,
  };
}

/** A probe that was not satisfied in time. */
export function unmet(
  target: ProbeTarget,
  why: string,
  probe = 'a probe',
): Pick<Evidence, 'failure' | 'probes'> {
  return { failure: timeout, probes: [{ probe, answer: { kind: 'pending', why }, target }] };
}
