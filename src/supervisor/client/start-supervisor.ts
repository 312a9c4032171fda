import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveWorkerError } from '../../errors.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import { packageLoader } from '../../watchdog/package-loader.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { electedName } from '../socket/socket-names.ts';
import { supervisorLogPath } from '../supervisor-log-path.ts';

/** What a supervisor is told on its command line. */
export interface SupervisorOrder {
  readonly folder: string;
  readonly run: RunIdentity;
  /** Which of the run's supervisors it is to be: the first is 0. */
  readonly number: number;
}

/** What a machine is given that does a hundred things at once. */
const upLimitMs = 15_000;
const pollMs = 2;
const inherited = [
  'PATH',
  'HOME',
  'LANG',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SystemRoot',
];

/**
 * Resolves when that supervisor of the run listens, this one or one that another process started in the same moment.
 *
 * @throws SUPERVISOR_NOT_STARTED
 */
export async function startSupervisor(
  { folder, run }: SupervisorPlace,
  number: number,
  program: string,
): Promise<void> {
  const child = startProcess({ folder, run, number }, program);
  const end = watchEnd(child);
  const deadline = performance.now() + upLimitMs;
  const name = join(folder, electedName(run, number));
  while (!existsSync(name)) {
    // One that lost the election ends with 0; the name is there, or was there a moment ago.
    if (end.how === 'lost') return;
    if (end.how !== undefined) throw notStarted(folder, end.how);
    if (performance.now() > deadline) throw notStarted(folder, `it did not listen within ${upLimitMs} ms`);
    await sleep(pollMs);
  }
}

function startProcess(order: SupervisorOrder, program: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--v8-pool-size=1', ...packageLoader({ hasModules: true }), program, JSON.stringify(order)],
    {
      cwd: '/',
      env: Object.fromEntries(
        inherited.flatMap(name => (process.env[name] ? [[name, atRoot(name, process.env[name])]] : [])),
      ),
      stdio: 'ignore',
      detached: true,
      windowsHide: true,
    },
  );
  child.unref();
  return child;
}

/** It does not start where this process did. */
function atRoot(name: string, value: string): string {
  return name === 'TMPDIR' ? resolve(value) : value;
}

function watchEnd(child: ChildProcess): { how?: string } {
  const end: { how?: string } = {};
  child.once('error', error => {
    end.how = error.message;
  });
  child.once('exit', (code, signal) => {
    end.how = code === 0 ? 'lost' : `it ended with ${code === null ? signal : `code ${code}`}`;
  });
  return end;
}

function notStarted(folder: string, why: string): LiveWorkerError {
  const log = supervisorLogPath(folder);
  const said = existsSync(log) ? `\nWhat it threw stands in ${log}` : '';
  return new LiveWorkerError(
    'SUPERVISOR_NOT_STARTED',
    `Cannot start the supervisor of this run: ${why}${said}`,
    {
      details: { why },
    },
  );
}
