import { isLiveWorkerError } from '../errors.ts';
import type { LiveWorkersSpec } from '../options/options.ts';
import { readOptions } from '../options/options-key.ts';
import { parseOptions } from '../options/parse-options.ts';
import { selectWorkers } from '../options/select-workers.ts';
import { hasReporter } from '../records/reporter-mark.ts';
import { maskError } from '../secrets/mask-error.ts';
import { attachWanted } from '../session/attach-wanted.ts';
import { createBridge } from '../session/bridge.ts';
import { bridgeKey } from '../session/contract.ts';
import { hideFrames } from '../session/hide-frames.ts';
import { noteForcedStops } from '../session/note-forced-stops.ts';
import { reportBeside } from '../session/report-beside.ts';
import type { SessionOptions } from '../session/session-options.ts';
import { TestFileSession } from '../session/test-file-session.ts';
import { openProcessSlots } from '../supervisor/client/open-process-slots.ts';
import { openServers } from '../supervisor/client/open-servers.ts';
import { openSlots } from '../supervisor/client/open-slots.ts';
import { openWorkerLease } from '../supervisor/client/open-worker-lease.ts';
import { yieldTurnsOfRun } from '../supervisor/client/yield-turns-of-run.ts';
import { notice } from '../text/notice.ts';
import type { FileMeter } from './coverage/file-meter.ts';
import { hintAtSetupFiles } from './hint-at-setup-files.ts';
import { handleTestEvent, type TestEvent, type TestState } from './test-events.ts';

export interface OpenSessionOptions {
  readonly rootDir: string;
  /** Those of `setupFiles` and of `setupFilesAfterEnv`. */
  readonly setupFiles: readonly string[];
  /** Those of `setupFiles`, which ran before this. */
  readonly earlySetupFiles: readonly string[];
  readonly testPath: string;
  /** `testMatch` and `testRegex` of the project. */
  readonly tests: { readonly match: readonly string[]; readonly regex: readonly (string | RegExp)[] };
  /** By `-t` most files have no test to run: workers are launched when that is known. */
  readonly hasPattern: boolean;
  /** `testEnvironmentOptions`, as Jest hands it over. */
  readonly options: unknown;
  readonly pragmas: Readonly<Record<string, string | readonly string[]>>;
  /** With `--coverage` alone. */
  readonly openMeter?: (() => FileMeter) | undefined;
  readonly loadModule: (path: string) => Promise<unknown>;
  /** The test files' `globalThis`. */
  readonly sandbox: object;
}

/** A session as an environment holds it. */
export interface OpenSession {
  start(): Promise<void>;
  handle(event: TestEvent, state: TestState): Promise<void>;
  close(): Promise<void>;
}

/**
 * Checks the configuration of one test file and opens its session; nothing is started yet.
 *
 * @throws OPTIONS_INVALID
 */
export function openSession({
  sandbox,
  options,
  pragmas,
  openMeter,
  ...rest
}: OpenSessionOptions): OpenSession {
  const all = measuredOnly(
    presentSync(() => parseOptions(readOptions(options))),
    openMeter !== undefined,
  );
  const spec = presentSync(() => attachWanted(selectWorkers(all, pragmas, rest.testPath)));
  const defined = all.workers.map(({ name }) => name);
  const measuring = spec.workers.some(({ coverage }) => coverage) ? openMeter?.() : undefined;
  const session = presentSync(
    () =>
      new TestFileSession({
        spec,
        defined,
        isReported: hasReporter(),
        ...leasing(all, rest),
        openSlots: spec.workers.some(({ scope }) => scope === 'run') ? openProcessSlots : openSlots,
        openServers: request => openServers(request, all.keepAliveMs),
        ...(measuring ? { meter: measuring.meter } : {}),
        testEnv: environmentOf(sandbox),
        ...rest,
      }),
  );
  Object.assign(sandbox, { [bridgeKey]: createBridge(session) });
  let hasOwnFailure = false;
  return {
    start: () =>
      present(session, () =>
        start(session, spec, rest.hasPattern).catch(error => {
          throw withReportLine(hintAtSetupFiles(error, rest), session);
        }),
      ),
    handle: async (event, state) => {
      hasOwnFailure = isFailureOfFile(event, hasOwnFailure);
      await beside(session, { event, state }, () => handleTestEvent(session, event, state, spec.gate));
      // Jest reads what its tests ran before it asks for the end of the environment.
      if (event.name === 'run_finish') await finishMeasuring(measuring, session, sandbox);
    },
    close: () => present(session, () => (hasOwnFailure ? endBeside(session) : session.close())),
  };
}

/** What the test file reads as `process.env`: a copy for it alone. */
/** What is left of a session after its file must not keep the test file: with its variables goes all of its realm. */
function environmentOf(sandbox: object): () => Record<string, string | undefined> {
  const { process: own } = sandbox as { readonly process?: Pick<NodeJS.Process, 'env'> };
  const held = own && new WeakRef(own);
  return () => held?.deref()?.env ?? {};
}

/** Without `--coverage` no worker is measured; a measured one does not outlive its run, which its records belong to. */
function measuredOnly(spec: LiveWorkersSpec, isMeasuring: boolean): LiveWorkersSpec {
  if (!spec.workers.some(({ coverage }) => coverage)) return spec;
  if (isMeasuring) return { ...spec, keepAliveMs: 0 };
  return { ...spec, workers: spec.workers.map(worker => ({ ...worker, coverage: false })) };
}

/** What goes wrong with it fails no test. */
async function finishMeasuring(
  measuring: FileMeter | undefined,
  { workers, folder }: TestFileSession,
  sandbox: object,
): Promise<void> {
  try {
    await measuring?.finish([...workers.values()], { sandbox, folder });
  } catch (error) {
    notice(`cannot count what workers ran: ${error instanceof Error ? error.message : error}`);
  }
}

/** How a session has to do with workers that the supervisor holds; nothing where the configuration has none. */
function leasing(
  { workers, isolate, keepAliveMs }: LiveWorkersSpec,
  { tests }: Pick<OpenSessionOptions, 'tests'>,
): Pick<SessionOptions, 'openLease' | 'yieldTurns'> {
  if (!isolate && !workers.some(({ scope }) => scope === 'run')) return {};
  const regex = tests.regex.map(one => (typeof one === 'string' ? one : one.source));
  const after = { keepAliveMs, tests: { match: tests.match, regex } };
  return {
    openLease: request => openWorkerLease(request, after),
    yieldTurns: yieldTurnsOfRun,
  };
}

/** Jest may not call teardown after a setup that failed, so what was started is stopped here. */
async function start(
  session: TestFileSession,
  { gate }: LiveWorkersSpec,
  hasPattern: boolean,
): Promise<void> {
  try {
    await session.prepare();
    if (gate === 'setup' || !hasPattern) await launch(session, gate);
    if (gate === 'setup') await session.untilReady();
  } catch (error) {
    session.noteFailure(error);
    await endBeside(session);
    noteForcedStops(error, session.workers.values());
    throw error;
  }
}

/** What it waits for beside Jest, which loads the test file meanwhile, is waited for at `run_start`. */
async function launch(session: TestFileSession, gate: LiveWorkersSpec['gate']): Promise<void> {
  const launching = session.launch();
  if (gate === 'tests' && session.isWaitingForServers) launching.catch(() => {});
  else await launching;
}

/** What is thrown in `teardown` takes the place of the error that ended the file. */
async function endBeside(session: TestFileSession): Promise<void> {
  reportBeside(session.testName, await session.end());
}

/** An error that ends the file stands alone: where to look on is its last line. */
function withReportLine(error: unknown, session: TestFileSession): unknown {
  const line = session.reportLine();
  if (isLiveWorkerError(error) && line !== undefined) error.message += `\n${line}`;
  return error;
}

/** Between the two events Jest loads the file and runs its tests: when it asks for the end then, one of these has failed. */
function isFailureOfFile({ name }: TestEvent, before: boolean): boolean {
  if (name === 'setup') return true;
  return name === 'run_finish' || name === 'teardown' ? false : before;
}

interface Told {
  readonly event: TestEvent;
  readonly state: TestState;
}

/** What is thrown takes the place of all results; before the first test there is none. */
async function beside(
  session: TestFileSession,
  { event, state }: Told,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = hideFrames(maskError(error, session.secrets));
    if (event.name === 'run_start') throw hideFrames(withReportLine(problem, session));
    state.unhandledErrors.push(problem as Error);
  }
}

async function present<T>({ secrets }: TestFileSession, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw hideFrames(maskError(error, secrets));
  }
}

function presentSync<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw hideFrames(error);
  }
}
