import { realpathSync } from 'node:fs';
import { headlineOf, isLiveWorkerError } from '../errors.ts';
import { completeRun } from '../supervisor/client/complete-run.ts';
import { joinRun } from '../supervisor/client/run-membership.ts';
import { notice } from '../text/notice.ts';

/** What Jest hands to a reporter: its `globalConfig`, as far as it matters. */
interface ReportedConfig {
  readonly rootDir: string;
  readonly watch?: boolean;
  readonly watchAll?: boolean;
}

/** What stands behind its name in `reporters`. */
interface ReporterOptions {
  /** Workers have scope 'run': what starts them is loaded at once, beside Jest itself. Default false. */
  readonly sharesWorkers?: boolean;
}

/** Jest's reporter of a run: it begins and ends with the supervisor, and prints nothing but what went wrong with it. */
export class LiveWorkerReporter {
  #error: Error | undefined;
  #completing: Promise<void> | undefined;

  /** Jest makes it before it starts any process for test files: the supervisor starts beside those. */
  constructor({ rootDir, watch, watchAll }: ReportedConfig, { sharesWorkers = false }: ReporterOptions = {}) {
    const project = realpathSync(rootDir);
    const session = { project, isWatching: Boolean(watch || watchAll), sharesWorkers };
    const joining = joinRun(session.project);
    // A supervisor that is lost is the matter of the files that use it.
    joining.catch(error => isLost(error) || this.#note(error));
    joining.then(client => client.ask({ kind: 'reporter', session })).catch(() => {});
  }

  /** It is not waited for: no test file needs it to begin. */
  onRunStart({ numTotalTestSuites }: { readonly numTotalTestSuites: number }): void {
    joinRun()
      .then(client => client.ask({ kind: 'runStarted', files: numTotalTestSuites }))
      // Without a supervisor its constructor has said so; one that is lost later is the matter of the files that use it.
      .catch(() => {});
  }

  /** With `--bail` Jest calls it for every file that fails, without waiting for the last call. */
  onRunComplete(): Promise<void> {
    this.#completing ??= this.#complete();
    return this.#completing;
  }

  async #complete(): Promise<void> {
    try {
      for (const problem of await completeRun()) this.#note(problem);
    } catch (error) {
      this.#note(error);
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

function isLost(error: unknown): boolean {
  return isLiveWorkerError(error) && error.code === 'SUPERVISOR_LOST';
}
