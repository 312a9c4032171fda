import { type ChildProcess, spawn } from 'node:child_process';
import { ownProgram } from '../../files/package-folder.ts';
import type { ProcessIdentity } from '../table/process-entry.ts';
import { listeningPortsOf } from './find-opened-port.ts';

/** What a process that closes the inspector of another one is told. */
export interface ClosingOrder {
  readonly target: ProcessIdentity;
  /** The ports its target listened on before it was asked to open its inspector. */
  readonly before: readonly number[];
}

const closers = new Map<string, { readonly child: ChildProcess; readonly before: readonly number[] }>();

/** The ports a process listens on, less an inspector that an earlier question has opened; the closer that still waits for that one stops. */
export function portsBeforeQuestion(target: ProcessIdentity): readonly number[] {
  const earlier = closers.get(nameOf(target));
  earlier?.child.kill('SIGKILL');
  return earlier?.before ?? listeningPortsOf(target);
}

/**
 * A process that was asked to open its inspector and could not do so in time may open it at any later moment, to every user
 * of the machine. A process that outlives Jest waits for that, or for the end of the worker's process.
 */
export function startInspectorCloser(target: ProcessIdentity, before: readonly number[]): void {
  const order: ClosingOrder = { target: { pid: target.pid, startTime: target.startTime }, before };
  const child = spawn(
    process.execPath,
    ['--v8-pool-size=1', ownProgram('process/stacks/inspector-closer.js'), JSON.stringify(order)],
    {
      cwd: '/',
      env: {},
      stdio: 'ignore',
      detached: true,
    },
  );
  child.on('error', () => {});
  child.once('exit', () => {
    if (closers.get(nameOf(target))?.child === child) closers.delete(nameOf(target));
  });
  child.unref();
  closers.set(nameOf(target), { child, before });
}

function nameOf({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}
