import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from '../files/package-folder.ts';
import type { CommandContext, CommandResult } from './command-result.ts';
import type { ExplainOptions } from './explain.ts';
import type { PsOptions } from './living/ps.ts';
import type { ProjectOptions } from './project-options.ts';
import type { ReplayOptions } from './replay/replay.ts';
import type { MergeOptions } from './report/merge-reports.ts';
import type { ReportOptions } from './report/report.ts';
import type { RunOptions } from './run.ts';

export interface ProgramOutput {
  /** Errors are written as one document by `main`. */
  readonly json: boolean;
  write(text: string): void;
  onResult(result: CommandResult): void;
}

/** The command line: what there is, with help and examples. What a subcommand does is loaded when it is asked for. */
export function createProgram(context: CommandContext, output: ProgramOutput): Command {
  const { write, onResult } = output;
  const program = new Command('live-worker')
    .description('Starts, explains and clears up the workers of jest-environment-live-worker.')
    .version(readVersion(), '--version')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .showSuggestionAfterError()
    .addHelpText('after', examples(['explain', 'run ops', 'explain ops', 'ps']));

  const add = (name: string, description: string, shownExamples: readonly string[]) =>
    program
      .command(name)
      .description(description)
      .option('--config <path>', "Jest's configuration, as Jest's own --config")
      .option('--rootDir <path>', "as Jest's own --rootDir")
      .option('--project <name>', 'the display name or folder of a project, where several have the worker')
      .option('--json', 'one JSON document on stdout')
      .addHelpText('after', examples(shownExamples));

  const withWorker = async (
    subcommand: string,
    options: ProjectOptions,
    name: string | undefined,
    work: (name: string) => Promise<CommandResult>,
  ) => {
    if (name !== undefined) return onResult(await work(name));
    const { listWorkers } = await import('./list-workers.ts');
    onResult(await listWorkers(subcommand, options, context));
  };

  add('run [name]', 'start a worker in this terminal exactly as a test file does, until Ctrl-C', [
    'run ops',
    'run ops --ready-only',
  ])
    .option('--ready-only', 'stop it as soon as it is ready: a check for CI')
    .action((asked: string | undefined, options: RunOptions) =>
      withWorker('run', options, asked, async name => {
        const { run } = await import('./run.ts');
        return run(name, options, context);
      }),
    );

  add(
    'explain [name]',
    'print what a launch would be and where its variables come from; or list the workers',
    ['explain', 'explain ops --all', 'explain ops --json'],
  )
    .option('--all', 'with inherited variables, and those that are withheld')
    .action((asked: string | undefined, options: ExplainOptions) =>
      withWorker('explain', options, asked, async name => {
        const { explain } = await import('./explain.ts');
        return explain(name, options, context);
      }),
    );

  add('diff [name]', 'hold the launch against the shell you are in, likely culprits first', [
    'diff ops',
  ]).action((asked: string | undefined, options: ProjectOptions) =>
    withWorker('diff', options, asked, async name => {
      const { diff } = await import('./diff.ts');
      return diff(name, options, context);
    }),
  );

  add('replay [launch]', 'print or run a recorded launch: a path, the name of a worker, or the newest', [
    'replay',
    'replay ops --run',
    'replay .live-worker/latest/tasks.test.js/ops.launch.ndjson --secrets',
  ])
    .option('--secrets', 'with secrets, taken from the configuration as it is now')
    .option('--run', 'run it in this terminal instead of printing it')
    .action(async (launch: string | undefined, options: ReplayOptions) => {
      const { replay } = await import('./replay/replay.ts');
      onResult(await replay(launch, options, context));
    });

  add(
    'report [run]',
    'print the path of the report of a run: its name, its folder, or nothing for the newest',
    ['report', 'report --open', 'report .live-worker/latest'],
  )
    .option('--open', 'open it in a browser')
    .action(async (run: string | undefined, options: ReportOptions) => {
      const { report } = await import('./report/report.ts');
      onResult(await report(run, options, context));
    });

  program
    .command('merge-reports <dirs...>')
    .description('join the reports of several shards into one page')
    .option('-o, --output <file>', 'where to write it', 'live-worker-report.html')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples(['merge-reports shard-1 shard-2', 'merge-reports artifacts/* -o all.html']),
    )
    .action(async (folders: readonly string[], options: MergeOptions) => {
      const { mergeReports } = await import('./report/merge-reports.ts');
      onResult(mergeReports(folders, options, context));
    });

  add('ps', 'list what is alive of launches, and whose it is', ['ps', 'ps --all --json'])
    .option('--all', 'of every project of this machine')
    .action(async (options: PsOptions) => {
      const { ps } = await import('./living/ps.ts');
      onResult(await ps(options, context));
    });

  add('reap', 'end what has no living owner', ['reap'])
    .option('--all', 'of every project of this machine')
    .action(async (options: PsOptions) => {
      const { reap } = await import('./living/reap.ts');
      onResult(await reap(options, context));
    });

  add('stop [name]', 'stop the workers that were kept after a run (keepAliveMs), or one of them', [
    'stop',
    'stop ops',
  ]).action(async (name: string | undefined, options: ProjectOptions) => {
    const { stop } = await import('./living/stop.ts');
    onResult(await stop(name, options, context));
  });

  return program;
}

function examples(commands: readonly string[]): string {
  return `\nExamples:\n${commands.map(command => `  npx live-worker ${command}`).join('\n')}`;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
