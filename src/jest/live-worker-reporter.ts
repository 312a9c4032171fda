import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { headlineOf, isLiveWorkerError } from '../errors.ts';
import { ownProgram } from '../files/package-folder.ts';
import { reportProgress } from '../probe/report-progress.ts';
import { markReporter } from '../records/reporter-mark.ts';
import { completeRun } from '../supervisor/client/complete-run.ts';
import { joinRun } from '../supervisor/client/run-membership.ts';
import { notice } from '../text/notice.ts';
import type { CoverageConfig } from './coverage/covered-config.ts';
import { TestCoverage, type TestFileResult } from './coverage/test-coverage.ts';
import type { ReportedProject, ReportedResults, reportRun } from './report-run.ts';

/** The end of a run that takes longer says what it waits for. */
const silentMs = 1_000;
/** The clocks of two processes, as they began to count. */
const clockSlackMs = 50;

/** What Jest hands to a reporter: its `globalConfig`, as far as it matters. */
interface ReportedConfig extends CoverageConfig {
  readonly watch?: boolean;
  readonly watchAll?: boolean;
  readonly silent?: boolean;
  readonly reporters?: readonly (string | readonly [string, ...unknown[]])[];
}

/** What stands behind its name in `reporters`. */
interface ReporterOptions {
  /** Workers have scope 'run': what starts them is loaded at once, beside Jest itself. Default false. */
  readonly sharesWorkers?: boolean;
}

/** Jest's reporter of a run: it begins and ends with the supervisor, says what went wrong with it, and writes the report. */
export class LiveWorkerReporter {
  readonly #isQuiet: boolean;
  readonly #config: CoverageConfig;
  readonly #testCoverage = new TestCoverage();
  /** Until Jest says otherwise. */
  #sinceMs = 0;
  #error: Error | undefined;
  #completing: Promise<void> | undefined;

  /** Jest makes it before it starts any process for test files: the supervisor starts beside those. */
  constructor(config: ReportedConfig, { sharesWorkers = false }: ReporterOptions = {}) {
    const { rootDir, watch, watchAll, silent, reporters = [] } = config;
    this.#isQuiet = silent === true || reporters.some(reporter => [reporter].flat()[0] === 'agent');
    this.#config = config;
    markReporter();
    const project = realpathSync(rootDir);
    const session = { project, isWatching: Boolean(watch || watchAll), sharesWorkers };
    const joining = joinRun(session.project);
    // A supervisor that is lost is the matter of the files that use it.
    joining.catch(error => isLost(error) || this.#note(error));
    joining.then(client => client.ask({ kind: 'reporter', session })).catch(() => {});
  }

  /** It is not waited for: no test file needs it to begin. */
  onRunStart({ numTotalTestSuites }: { readonly numTotalTestSuites: number }): void {
    this.#sinceMs = performance.timeOrigin + performance.now() - clockSlackMs;
    joinRun()
      .then(client => client.ask({ kind: 'runStarted', files: numTotalTestSuites }))
      // Without a supervisor its constructor has said so; one that is lost later is the matter of the files that use it.
      .catch(() => {});
  }

  onTestFileResult(_test: unknown, result: TestFileResult): void {
    if (this.#config.collectCoverage && this.#config.coverageProvider === 'v8')
      this.#testCoverage.note(result);
  }

  /** With `--bail` Jest calls it for every file that fails, without waiting for the last call. */
  onRunComplete(projects: Iterable<ReportedProject>, results: ReportedResults): Promise<void> {
    this.#completing ??= this.#complete(projects, results);
    return this.#completing;
  }

  async #complete(projects: Iterable<ReportedProject>, results: ReportedResults): Promise<void> {
    await this.#endSupervisor();
    await this.#testCoverage.addWorkers(projects, this.#config);
    await loadReport()(projects, results, { sinceMs: this.#sinceMs, isQuiet: this.#isQuiet });
  }

  async #endSupervisor(): Promise<void> {
    const progress = reportProgress(
      seconds => `waiting for the workers of the run to end, ${seconds} s so far`,
      {
        firstAfterMs: silentMs,
      },
    );
    try {
      for (const problem of await completeRun()) this.#note(problem);
    } catch (error) {
      this.#note(error);
    } finally {
      progress.stop();
    }
  }

  /** Fails the run; Jest does not print it. */
  getLastError(): Error | undefined {
    return this.#error;
  }

  #note(error: unknown): void {
    const problem = error instanceof Error ? error : new Error(String(error));
    // Once for each: the folder that refuses the first supervisor refuses all.
    if (problem.message === this.#error?.message) return;
    this.#error ??= problem;
    notice(headlineOf(problem));
  }
}

/** A file of its own: a run begins sooner without it. */
function loadReport(): typeof reportRun {
  const path = ownProgram('jest/report-run.js');
  return (createRequire(path)(path) as { readonly reportRun: typeof reportRun }).reportRun;
}

function isLost(error: unknown): boolean {
  return isLiveWorkerError(error) && error.code === 'SUPERVISOR_LOST';
}
