import { resolve } from 'node:path';
import { describeInterpreter } from '../launch/executable/describe-interpreter.ts';
import { findOnPath } from '../launch/executable/find-on-path.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { WorkerSpec } from '../options/options.ts';
import { planLaunch } from '../worker/prepare/plan-launch.ts';
import type { CommandContext, CommandResult } from './command-result.ts';
import { comparePaths, type PathDifference } from './compare-paths.ts';
import { compareVariables, type VariableDifference } from './compare-variables.ts';
import { findWorker } from './find-worker.ts';
import { firstLine } from './first-line.ts';
import { otlpPlace } from './otlp-place.ts';
import type { ProjectOptions } from './project-options.ts';
import { readVersion } from './read-version.ts';

/** What a worker gets, held against the shell the command is typed in: likely culprits first. */
export async function diff(
  name: string,
  options: ProjectOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { project, spec } = await findWorker(name, context.cwd, options);
  const plan = await planLaunch(spec, project.rootDir, { otlpEndpoint: otlpPlace(spec) });
  const found = {
    worker: name,
    cwd: { worker: plan.cwd, shell: context.cwd },
    executable: { worker: plan.file, shell: (await findInShell(spec, context)) ?? null },
    interpreter: { worker: describeInterpreter(plan).path, version: (await readVersion(plan)) ?? null },
    path: comparePaths(plan, context),
    variables: compareVariables(plan, context.shellEnv, project.rootDir),
  };
  return { document: found, text: format(found, plan, context) };
}

/** What the shell would run for the same first word. */
async function findInShell(
  { command, shell }: WorkerSpec,
  context: CommandContext,
): Promise<string | undefined> {
  const [asked = ''] = command;
  if (shell) return '/bin/sh';
  if (asked.includes('/')) return resolve(context.cwd, asked);
  return (await findOnPath(asked, { cwd: context.cwd, env: context.shellEnv })).file;
}

interface Found {
  readonly cwd: Readonly<Record<'worker' | 'shell', string>>;
  readonly executable: { readonly worker: string; readonly shell: string | null };
  readonly interpreter: { readonly worker: string; readonly version: string | null };
  readonly path: PathDifference;
  readonly variables: readonly VariableDifference[];
}

function format(
  { cwd, executable, interpreter, path, variables }: Found,
  plan: LaunchPlan,
  context: CommandContext,
) {
  const { bold, dim, red, green } = context.colours;
  const sides = (worker: string, shell: string | null) =>
    worker === shell
      ? [`  same: ${worker}`]
      : [green(`  worker: ${worker}`), red(`  shell:  ${shell ?? 'none'}`)];
  const section = (title: string, list: readonly VariableDifference[]) =>
    list.length === 0 ? [] : [bold(title), ...list.flatMap(variable => describe(variable))];
  const describe = ({ name, worker, shell, reason }: VariableDifference) => [
    `  ${name}  ${dim(reason)}`,
    ...(worker === null ? [] : [green(`    worker: ${firstLine(worker)}`)]),
    ...(shell === null ? [] : [red(`    shell:  ${firstLine(shell)}`)]),
  ];
  return [
    bold('cwd'),
    ...sides(cwd.worker, cwd.shell),
    bold(`executable, for "${plan.executable.asked}" by rule "${plan.executable.rule}"`),
    ...sides(executable.worker, executable.shell),
    ...(interpreter.worker === executable.worker && interpreter.version === null
      ? []
      : [
          bold('interpreter'),
          `  worker: ${interpreter.worker}${interpreter.version ? ` (${interpreter.version})` : ''}`,
        ]),
    ...(path.isSame
      ? []
      : [
          bold('PATH'),
          ...path.onlyWorker.map(folder => green(`  only worker: ${folder}`)),
          ...path.onlyShell.map(folder => red(`  only shell:  ${folder}`)),
          ...(path.onlyWorker.length + path.onlyShell.length === 0
            ? ['  the same folders in another order']
            : []),
        ]),
    ...section(
      'likely culprits',
      variables.filter(({ likely }) => likely),
    ),
    ...section(
      'other variables',
      variables.filter(({ likely }) => !likely),
    ),
    ...(variables.length === 0 ? ['no variable differs'] : []),
  ].join('\n');
}
