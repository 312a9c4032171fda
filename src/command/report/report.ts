import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LiveWorkerError } from '../../errors.ts';
import { reportPathIn } from '../../report/html/write-report.ts';
import { isOlder } from '../../report/is-older.ts';
import { summarize } from '../../report/summary/summarize.ts';
import { writeRunReport } from '../../report/write-run-report.ts';
import type { SecretSource } from '../../secrets/list-secrets.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { knownSecrets } from '../../worker/prepare/known-secrets.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';
import { findProjects, type WorkerProject } from '../find-worker.ts';
import type { ProjectOptions } from '../project-options.ts';
import { findRunFolder } from './find-run-folder.ts';

export interface ReportOptions extends ProjectOptions {
  /** In the browser of this user. */
  readonly open?: boolean;
}

/** Prints where the report of a run is, and builds it from the records where it is missing or older. @throws REPORT_IMPOSSIBLE */
export async function report(
  asked: string | undefined,
  options: ReportOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const projects = await findProjects(context.cwd, options);
  const folder = findRunFolder(
    asked,
    context.cwd,
    projects.map(({ rootDir }) => join(rootDir, '.live-worker')),
  );
  const path = reportPathIn(folder);
  const isBuilt = isOlder(path, folder);
  if (isBuilt) {
    const written = writeRunReport(folder, { secrets: await secretsOf(projects, context) });
    if (!written) throw nothingToReport(folder);
    const { failedFiles } = summarize(written.model);
    if (failedFiles.length > 0)
      context.say(`live-worker: failed: ${failedFiles.map(file => file.path).join(', ')}`);
  }
  if (options.open) await openInBrowser(path);
  return { document: { report: path, isBuilt }, text: path };
}

async function secretsOf(projects: readonly WorkerProject[], { shellEnv }: CommandContext): Promise<Secrets> {
  const secrets = new Secrets(Object.entries(shellEnv).map(([name, value]): SecretSource => [name, value]));
  for (const { rootDir, spec } of projects) {
    for (const worker of spec.workers) secrets.note(await knownSecrets(worker, rootDir));
  }
  return secrets;
}

function nothingToReport(folder: string): LiveWorkerError {
  return new LiveWorkerError(
    'REPORT_IMPOSSIBLE',
    `Cannot report "${folder}": no test file of that run had a worker`,
    { details: { run: folder } },
  );
}

/** @throws REPORT_IMPOSSIBLE where there is nothing to open it with */
async function openInBrowser(path: string): Promise<void> {
  const [file = '', ...args] = openers[process.platform] ?? ['xdg-open'];
  const opener = spawn(file, [...args, path], { stdio: 'ignore', detached: true });
  await new Promise<void>((resolve, reject) => {
    opener.once('spawn', resolve);
    opener.once('error', cause =>
      reject(
        new LiveWorkerError(
          'REPORT_IMPOSSIBLE',
          `Cannot open "${path}": there is no ${file}\nOpen it in a browser yourself: it is one file and needs no server`,
          {
            details: { path, opener: file },
            cause,
          },
        ),
      ),
    );
  });
  opener.unref();
}

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer'],
};
