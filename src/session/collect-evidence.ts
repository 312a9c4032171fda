import { stripVTControlCharacters } from 'node:util';
import type { Evidence } from '../diagnose/evidence.ts';
import { describeLaunch } from '../launch/describe-launch.ts';
import { maskText } from '../launch/mask-secrets.ts';
import type { LogView } from './log-view.ts';
import type { WorkerRunner } from './worker-runner.ts';

const linesKept = 50;

/** Looks at everything that is known about a launch now; what is printed of it later must not reveal a secret. */
export function collectEvidence(runner: WorkerRunner, view: LogView): Evidence {
  const plan = runner.prepared?.plan;
  const lastLines = (stream: 'stdout' | 'stderr') => {
    const text = stripVTControlCharacters(view.text(stream, 'launch'));
    const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
    return lines.slice(-linesKept).map(line => maskText(line, plan?.env ?? {}));
  };
  return {
    worker: runner.spec.name,
    command: plan ? describeLaunch(plan).command : runner.spec.command,
    cwd: plan?.cwd ?? runner.spec.cwd,
    output: { stdout: lastLines('stdout'), stderr: lastLines('stderr') },
    logPaths: { stdout: view.files.stdout.path, stderr: view.files.stderr.path },
    probes: runner.board.entries(),
    startTimeoutMs: runner.spec.startTimeoutMs,
  };
}
