import { resolve } from 'node:path';
import type { WorkerSpec } from '../options/options.ts';
import { maskError } from '../secrets/mask-error.ts';
import { Secrets } from '../secrets/secrets.ts';
import { fillInOption } from './environment/interpolate.ts';
import { variablesMissing } from './environment/require-variables.ts';
import {
  type EnvironmentInputs,
  resolveEnvironment,
  type WorkerEnvironment,
} from './environment/resolve-environment.ts';
import { resolveExecutable } from './executable/resolve-executable.ts';
import { shellCommand } from './executable/shell-command.ts';
import type { LaunchPlan } from './plan.ts';
import { resolveCwd } from './resolve-cwd.ts';

/** Everything a launch depends on beside the spec. */
export interface LaunchInputs extends EnvironmentInputs {
  /** The node that runs Jest: `process.execPath`. */
  readonly jestNode: string;
  /** Default `process.platform`. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Looks everything up that the spec names on this machine, and refuses what could not run.
 * @throws LiveWorkerError CWD_UNUSABLE, ENV_FILE_INVALID, ENV_MISSING, PORT_UNAVAILABLE, EXECUTABLE_NOT_FOUND, EXECUTABLE_UNUSABLE
 */
export async function resolveLaunch(spec: WorkerSpec, inputs: LaunchInputs): Promise<LaunchPlan> {
  const { rootDir, jestNode, platform = process.platform } = inputs;
  const cwd = resolveCwd(spec.cwd, { worker: spec.name, rootDir });
  const environment = await resolveEnvironment(spec, { ...inputs, cwd });
  const env = Object.fromEntries(environment.table.values());
  const context = { worker: spec.name, cwd, rootDir, env, jestNode, platform };
  const { file, args, executable } = spec.shell
    ? shellCommand(spec.command[0] ?? '', { env, platform })
    : await resolveCommand(interpolateCommand(spec, environment), context).catch(error => {
        throw maskError(error, new Secrets(Object.entries(env)));
      });
  return {
    worker: spec.name,
    id: inputs.id,
    file,
    args,
    executable,
    cwd,
    env,
    provenance: Object.fromEntries(environment.table.origins()),
    withheld: environment.table.withheld(),
    ports: environment.ports,
  };
}

/**
 * What can be known of a worker that runs elsewhere: its variables as the configuration has them. Its program, its ports and
 * what it requires are its own affair.
 * @throws LiveWorkerError ENV_FILE_INVALID, ENV_MISSING
 */
export async function resolveAttachedLaunch(
  spec: WorkerSpec,
  inputs: EnvironmentInputs,
): Promise<LaunchPlan> {
  const { rootDir, id } = inputs;
  const cwd = resolve(rootDir, spec.cwd);
  const unstarted = { ...spec, ports: [], requireEnv: [] };
  const { table } = await resolveEnvironment(unstarted, { ...inputs, cwd });
  const [asked = '', ...args] = spec.command;
  return {
    worker: spec.name,
    id,
    file: asked,
    args,
    executable: { rule: 'path', asked, tried: [] },
    cwd,
    env: Object.fromEntries(table.values()),
    provenance: Object.fromEntries(table.origins()),
    withheld: table.withheld(),
    ports: {},
  };
}

async function resolveCommand(
  [asked = '', ...args]: readonly string[],
  context: Parameters<typeof resolveExecutable>[1],
): Promise<Pick<LaunchPlan, 'file' | 'args' | 'executable'>> {
  const { file, origin } = await resolveExecutable(asked, context);
  return { file, args, executable: origin };
}

function interpolateCommand(spec: WorkerSpec, { table, files }: WorkerEnvironment): readonly string[] {
  return spec.command.map(
    (word, index) =>
      fillInOption(
        word,
        name => table.get(name)?.value,
        name => {
          const what = `command[${index}] refers to "\${${name}}", not set for the worker`;
          throw variablesMissing([name], { worker: spec.name, table, files }, what);
        },
      ).text,
  );
}
