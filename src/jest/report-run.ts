import { appendFileSync, existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { WorkerSpec } from '../options/options.ts';
import { readOptions } from '../options/options-key.ts';
import { parseOptions } from '../options/parse-options.ts';
import { identifyRun, runName } from '../records/run-identity.ts';
import { annotations } from '../report/github/annotations.ts';
import { jobSummary } from '../report/github/job-summary.ts';
import { noteFailedFiles } from '../report/read/note-failed-files.ts';
import { closingLines } from '../report/summary/closing-lines.ts';
import { type WrittenReport, writeRunReport } from '../report/write-run-report.ts';
import type { SecretSource } from '../secrets/list-secrets.ts';
import { Secrets } from '../secrets/secrets.ts';
import { notice } from '../text/notice.ts';
import { knownSecrets } from '../worker/prepare/known-secrets.ts';

/** What Jest hands to `onRunComplete`, as far as it matters. */
export interface ReportedProject {
  readonly config: { readonly rootDir: string; readonly testEnvironmentOptions: unknown };
}

export interface ReportedResults {
  readonly testResults: readonly {
    readonly testFilePath: string;
    readonly testExecError?: unknown;
    readonly failureMessage?: string | null;
  }[];
}

export interface ReportOptions {
  /** By the wall clock: what began before was another cycle of watch mode. */
  readonly sinceMs: number;
  /** The user wants to read of failures alone. */
  readonly isQuiet: boolean;
}

/** Writes the report of every project of the run whose files had workers, and tells where it is. Nothing that goes wrong here fails the run. */
export async function reportRun(
  projects: Iterable<ReportedProject>,
  { testResults }: ReportedResults,
  options: ReportOptions,
): Promise<void> {
  const all = [...projects];
  const failed = testResults
    .filter(({ testExecError }) => testExecError !== undefined && testExecError !== null)
    .map(({ testFilePath, failureMessage }) => ({ testPath: testFilePath, text: failureMessage ?? '' }));
  for (const rootDir of new Set(all.map(({ config }) => config.rootDir))) {
    const folder = join(rootDir, '.live-worker', runName(identifyRun()));
    if (!existsSync(folder)) continue;
    try {
      const secrets = await secretsOf(all);
      noteFailedFiles(folder, failed, secrets);
      const written = writeRunReport(folder, { secrets, sinceMs: options.sinceMs });
      if (written) tell(written, rootDir, options);
    } catch (error) {
      notice(`cannot write the report of the run: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function tell({ path, model }: WrittenReport, rootDir: string, { isQuiet }: ReportOptions): void {
  for (const line of closingLines(model, { reportPath: shownPath(path, rootDir), isQuiet })) notice(line);
  if (process.env.GITHUB_ACTIONS !== 'true') return;
  const workspace = process.env.GITHUB_WORKSPACE || process.cwd();
  // The runner reads commands from both streams, and stdout may be for Jest's JSON.
  for (const line of annotations(model, { workspace, rootDir })) process.stderr.write(`${line}\n`);
  const summaryPath = process.env.GITHUB_STEP_SUMMARY;
  if (summaryPath) appendSummary(summaryPath, model);
}

function appendSummary(path: string, model: WrittenReport['model']): void {
  try {
    appendFileSync(path, jobSummary(model));
  } catch (error) {
    notice(`cannot write the summary of the job: ${error instanceof Error ? error.message : error}`);
  }
}

/** The short way to it where there is one. */
function shownPath(path: string, rootDir: string): string {
  const latest = join(rootDir, '.live-worker', 'latest', 'report.html');
  const isLatest = existsSync(latest) && realpathSync(latest) === realpathSync(path);
  const shown = relative(process.cwd(), isLatest ? latest : path);
  return shown.startsWith('..') ? path : shown;
}

async function secretsOf(projects: readonly ReportedProject[]): Promise<Secrets> {
  const environment = Object.entries(process.env).map(([name, value]): SecretSource => [name, value ?? '']);
  const secrets = new Secrets(environment);
  for (const { config } of projects) {
    for (const spec of workersOf(config)) secrets.note(await knownSecrets(spec, config.rootDir));
  }
  return secrets;
}

/** None where the project has no live workers, or options with mistakes, of which its files have told. */
function workersOf({ testEnvironmentOptions }: ReportedProject['config']): readonly WorkerSpec[] {
  try {
    return parseOptions(readOptions(testEnvironmentOptions)).workers;
  } catch {
    return [];
  }
}
