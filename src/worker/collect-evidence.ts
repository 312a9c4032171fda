import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Evidence, EvidenceVariable, WorkerFailure } from '../diagnose/evidence.ts';
import { findNearestFile } from '../files/find-nearest-file.ts';
import { describeOrigin } from '../launch/environment/describe-origin.ts';
import { describeInterpreter } from '../launch/executable/describe-interpreter.ts';
import { findPythonModule } from '../launch/executable/find-python-module.ts';
import { type LaunchRecord, toLaunchRecord } from '../launch/launch-record.ts';
import type { LogView } from '../logs/log-view.ts';
import { quoteLines } from '../logs/quote-lines.ts';
import { findNearestLine } from '../probe/find-nearest-line.ts';
import { findNearestPath } from '../probe/find-nearest-path.ts';
import { findListeners } from '../process/table/find-socket-holders.ts';
import { maskProcess } from '../process/table/mask-process.ts';
import { type MemoryKills, readMemoryKills } from '../process/table/read-memory-kills.ts';
import { maskCommand } from '../secrets/mask-value.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Services } from '../service/services.ts';
import { quoteWord } from '../text/quote-shell.ts';
import { findLivingWatcher } from './find-living-watcher.ts';
import { inspectTree } from './inspect-tree.ts';
import { AttachedRunner } from './runner/attached-runner.ts';
import type { WorkerControl } from './runner/worker-control.ts';
import { tapEvidence } from './tap-evidence.ts';

const linesKept = 200;
/** Of each stream, where a line is looked for that is nearly the one waited for. */
const linesSearched = 1_000;

export interface EvidenceSources {
  readonly runner: WorkerControl;
  readonly view: LogView;
  readonly services: Services;
  readonly rootDir: string;
  readonly secrets: Secrets;
}

/** Looks at everything that is known about a launch now; what is printed of it later must not reveal a secret. */
export function collectEvidence(
  failure: WorkerFailure,
  { runner, view, services, rootDir, secrets }: EvidenceSources,
): Evidence {
  const { prepared, spec } = runner;
  const launch = prepared && toLaunchRecord(prepared.plan, secrets);
  const cwd = launch?.cwd ?? spec.cwd;
  const { localPorts, rawPeers, ...seen } = inspectTree(runner, secrets);
  const sight = prepared?.tap?.look();
  // Before its stacks are asked for, which it writes there too.
  const lines = { stdout: lastLines(view, 'stdout', secrets), stderr: lastLines(view, 'stderr', secrets) };
  return {
    worker: spec.name,
    failure,
    command: launch?.command ?? maskCommand(spec.command, secrets),
    cwd,
    stdin: spec.stdin,
    rootDir,
    interpreter: prepared && describeInterpreter(prepared.plan),
    variables: launch ? listVariables(launch, rootDir) : [],
    withheld: launch?.withheld ?? [],
    output: { stdout: lines.stdout.slice(-linesKept), stderr: lines.stderr.slice(-linesKept) },
    notes: view.notes('launch'),
    logPaths: { stdout: view.files.stdout.path, stderr: view.files.stderr.path },
    replay: prepared && replayCommand(view.files.stderr.path),
    probes: runner.board.entries(),
    startTimeoutMs: spec.startTimeoutMs,
    ...services.evidenceOf(prepared?.uses ?? []),
    ...seen,
    tap: prepared?.tap && sight && tapEvidence(prepared.tap, sight, { peers: rawPeers, secrets }),
    holder: runner instanceof AttachedRunner ? runner.held?.owner.pid : undefined,
    consumedQueues: undefined,
    elsewhere: [],
    ...prepared?.inquiry.evidenceOf(localPorts),
    watcher: watcherOf(runner),
    memoryKills: killsSince(prepared?.memoryKillsBefore),
    stacks: [],
    busy: [],
    search: {
      listenersOn: port => findListeners(port).map(holder => maskProcess(holder, secrets)),
      pythonModule: module => findPythonModule(module, { cwd, rootDir }),
      nearestLine: ({ pattern }) =>
        findNearestLine(
          pattern,
          (['stdout', 'stderr'] as const).flatMap(stream => lines[stream].map(line => ({ line, stream }))),
        ),
      nearestPath: target => findNearestPath(target, rootDir),
      sourceLine: (path, line) => readSourceLine(resolve(cwd, path), line, secrets),
      nearestFile: path => findNearestFile(path, { cwd, rootDir }),
    },
  };
}

function watcherOf({ running }: WorkerControl): Evidence['watcher'] {
  const watching = running && findLivingWatcher(running.leader);
  return watching && { name: watching.found.name, pid: watching.entry.pid };
}

/** The launch is written down beside the logs. */
function replayCommand(stderrPath: string): string {
  return `npx live-worker replay ${quoteWord(stderrPath.replace(/stderr\.log$/, 'launch.ndjson'))}`;
}

function killsSince(before: MemoryKills | undefined): MemoryKills | undefined {
  const now = before && readMemoryKills();
  return now && { ...now, count: now.count - before.count };
}

function listVariables({ env, tapped = {} }: LaunchRecord, rootDir: string): readonly EvidenceVariable[] {
  return Object.entries(env).map(([name, { value, from }]) => ({
    name,
    value,
    origin: `${describeOrigin(from, rootDir)}${Object.hasOwn(tapped, name) ? ', led through the tap' : ''}`,
  }));
}

function lastLines(view: LogView, stream: 'stdout' | 'stderr', secrets: Secrets): readonly string[] {
  return quoteLines(view.lastLines(stream, 'launch', linesSearched), secrets);
}

const longestSource = 200;

function readSourceLine(path: string, line: number, secrets: Secrets): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').split('\n')[line - 1]?.trim().slice(0, longestSource);
    return text && secrets.quote(text);
  } catch {
    return undefined;
  }
}
