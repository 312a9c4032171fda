import { stripVTControlCharacters } from 'node:util';
import type { Evidence, EvidenceVariable, WorkerFailure } from '../diagnose/evidence.ts';
import { describeInterpreter } from '../launch/describe-interpreter.ts';
import { describeLaunch, type LaunchRecord } from '../launch/describe-launch.ts';
import { describeOrigin } from '../launch/describe-origin.ts';
import { findPythonModule } from '../launch/find-python-module.ts';
import { maskText } from '../launch/mask-secrets.ts';
import { findListeners } from '../process/find-socket-holders.ts';
import { readMemoryKills } from '../process/read-memory-kills.ts';
import { inspectServices } from './inspect-services.ts';
import { inspectTree, presentProcess } from './inspect-tree.ts';
import type { LogView } from './log-view.ts';
import type { Services } from './services.ts';
import type { WorkerRunner } from './worker-runner.ts';

const linesKept = 50;

export interface Scene {
  readonly runner: WorkerRunner;
  readonly view: LogView;
  readonly services: Services;
  readonly rootDir: string;
}

/** Looks at everything that is known about a launch now; what is printed of it later must not reveal a secret. */
export function collectEvidence(
  failure: WorkerFailure,
  { runner, view, services, rootDir }: Scene,
): Evidence {
  const { prepared, spec } = runner;
  const env = prepared?.plan.env ?? {};
  const launch = prepared && describeLaunch(prepared.plan);
  const cwd = launch?.cwd ?? spec.cwd;
  const before = prepared?.memoryKillsBefore;
  return {
    worker: spec.name,
    failure,
    command: launch?.command ?? spec.command,
    cwd,
    rootDir,
    interpreter: prepared && describeInterpreter(prepared.plan),
    variables: launch ? listVariables(launch, rootDir) : [],
    withheld: launch?.withheld ?? [],
    output: { stdout: lastLines(view, 'stdout', env), stderr: lastLines(view, 'stderr', env) },
    logPaths: { stdout: view.files.stdout.path, stderr: view.files.stderr.path },
    probes: runner.board.entries(),
    startTimeoutMs: spec.startTimeoutMs,
    ...inspectServices(prepared, services),
    ...inspectTree(runner, env),
    memoryKills: before === undefined ? 0 : (readMemoryKills() ?? before) - before,
    search: {
      listenersOn: port => findListeners(port).map(holder => presentProcess(holder, env)),
      pythonModule: module => findPythonModule(module, { cwd, rootDir }),
    },
  };
}

function listVariables({ env }: LaunchRecord, rootDir: string): readonly EvidenceVariable[] {
  return Object.entries(env).map(([name, { value, from }]) => ({
    name,
    value,
    origin: describeOrigin(from, rootDir),
  }));
}

function lastLines(
  view: LogView,
  stream: 'stdout' | 'stderr',
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const text = stripVTControlCharacters(view.text(stream, 'launch'));
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
  return lines.slice(-linesKept).map(line => maskText(line, env));
}
