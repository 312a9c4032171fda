import type { WorkerSpec } from '../options/options.ts';
import { maskCommand } from '../secrets/mask-value.ts';
import { Secrets } from '../secrets/secrets.ts';
import { quoteWords } from '../text/quote-shell.ts';
import type { CommandContext, CommandResult } from './command-result.ts';
import { exitCodes } from './exit-codes.ts';
import { findProjects, shortenPathFrom } from './find-worker.ts';
import type { ProjectOptions } from './project-options.ts';
import { findConfigFile } from './read-jest-config.ts';

/** What a subcommand answers that wants a worker and was given none: those there are. */
export async function listWorkers(
  subcommand: string,
  options: ProjectOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { cwd } = context;
  const projects = await findProjects(cwd, options);
  const workers = projects.flatMap(({ name: project, rootDir, spec }) =>
    spec.workers.map(worker => ({
      name: worker.name,
      project,
      rootDir,
      shell: worker.shell,
      command: maskedCommand(worker, context),
    })),
  );
  const config = (await findConfigFile(cwd, options)) ?? null;
  const width = Math.max(...workers.map(({ name }) => name.length));
  const isSeveral = projects.length > 1;
  const lines = workers.map(({ name, project, shell, command }) => {
    const ofProject = isSeveral ? context.colours.dim(`  of project ${project}`) : '';
    return `  ${context.colours.bold(name.padEnd(width))}  ${shell ? command.join(' ') : quoteWords(command)}${ofProject}`;
  });
  const [first] = workers;
  return {
    document: { config, workers },
    text: [
      `${workers.length === 1 ? '1 worker' : `${workers.length} workers`}${config === null ? '' : ` in ${shortenPathFrom(config, cwd)}`}:`,
      ...lines,
      `Name one: npx live-worker ${subcommand} ${first?.name ?? 'NAME'}`,
    ].join('\n'),
    // A check that named no worker has checked nothing.
    code: subcommand === 'explain' ? exitCodes.done : exitCodes.wrongUse,
  };
}

function maskedCommand({ command, env }: WorkerSpec, { shellEnv }: CommandContext): readonly string[] {
  const own = Object.entries(env).map(([name, value]) => [name, value ?? ''] as const);
  return maskCommand(command, new Secrets([...Object.entries(shellEnv), ...own]));
}
