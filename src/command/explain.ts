import { resolve } from 'node:path';
import { describeInterpreter } from '../launch/describe-interpreter.ts';
import { describeLaunch, type LaunchRecord } from '../launch/describe-launch.ts';
import { describeOrigin } from '../launch/describe-origin.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import { quoteWords } from '../launch/quote-shell.ts';
import { secretSources } from '../launch/secret-sources.ts';
import { Secrets } from '../launch/secrets.ts';
import { aimProbes, planLaunch } from '../session/plan-launch.ts';
import { servicesUsed } from '../session/service-uses.ts';
import type { ProbeSpec } from '../spec/probe-options.ts';
import type { CommandContext, CommandResult } from './command-result.ts';
import { describeProbes } from './describe-probes.ts';
import { findWorker, shown } from './find-worker.ts';
import { firstLine } from './first-line.ts';
import type { ProjectOptions } from './project-options.ts';
import { readVersion } from './read-version.ts';

/** The launch a test file would make now: everything looked up, nothing written or started. */
export async function explain(
  name: string,
  options: ProjectOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { project, spec } = await findWorker(name, context.cwd, options);
  const { rootDir } = project;
  const plan = await planLaunch(spec, rootDir);
  const specs = aimProbes(spec, plan.env);
  const secrets = new Secrets(secretSources(plan, specs));
  const record = describeLaunch(plan, secrets);
  const explained = {
    worker: name,
    project: project.name,
    rootDir,
    command: record.command,
    executable: record.executable,
    interpreter: { ...describeInterpreter(plan), version: await readVersion(plan) },
    cwd: plan.cwd,
    envFiles: spec.envFiles.map(file => resolve(plan.cwd, file)),
    probes: describeProbes(specs, plan, rootDir).map(text => secrets.mask(text)),
    services: describeServices(plan, specs, rootDir).map(service => ({
      ...service,
      url: secrets.mask(service.url),
    })),
    ports: plan.ports,
    startTimeoutMs: spec.startTimeoutMs,
    stop: spec.stop,
    env: describeVariables(record, rootDir),
    withheld: plan.withheld,
  };
  return { document: explained, text: format(explained, context) };
}

type Explained = Readonly<{
  worker: string;
  project: string;
  rootDir: string;
  command: readonly string[];
  executable: LaunchRecord['executable'];
  interpreter: ReturnType<typeof describeInterpreter> & { readonly version: string | undefined };
  cwd: string;
  envFiles: readonly string[];
  probes: readonly string[];
  services: ReturnType<typeof describeServices>;
  ports: LaunchPlan['ports'];
  startTimeoutMs: number;
  stop: { readonly signal: string; readonly graceMs: number };
  env: ReturnType<typeof describeVariables>;
  withheld: LaunchPlan['withheld'];
}>;

function describeServices(plan: LaunchPlan, specs: readonly ProbeSpec[], rootDir: string) {
  return servicesUsed({ plan, specs, rootDir }).map(({ kind, url, source }) => ({ kind, url, source }));
}

function describeVariables({ env }: LaunchRecord, rootDir: string) {
  const variables = Object.entries(env).map(
    ([name, { value, from }]) =>
      [name, { value, from: from.layer, origin: describeOrigin(from, rootDir) }] as const,
  );
  return Object.fromEntries(variables);
}

function format(explained: Explained, { colours, cwd }: CommandContext): string {
  const { executable, interpreter, withheld } = explained;
  const row = (label: string, values: readonly string[]) =>
    values.map((value, index) => `${colours.bold((index === 0 ? label : '').padEnd(12))}${value}`);
  const version = interpreter.version === undefined ? '' : ` (${interpreter.version})`;
  const own = Object.entries(explained.env).filter(([, { from }]) => from !== 'inherited');
  const inherited = Object.entries(explained.env).filter(([, { from }]) => from === 'inherited');
  const variables = [...own, ...inherited].map(
    ([name, { value, origin }]) => `  ${name}=${firstLine(value)}  ${colours.dim(origin)}`,
  );
  return [
    ...row('worker', [`${explained.worker}, of project ${explained.project} in ${explained.rootDir}`]),
    ...row('command', [quoteWords(explained.command)]),
    ...row('found by', [`rule "${executable.rule}" for "${executable.asked}"`]),
    ...row('run by', [`${interpreter.path}${version}`]),
    ...row('cwd', [explained.cwd]),
    ...row(
      'env files',
      explained.envFiles.map(file => shown(file, cwd)),
    ),
    ...row('ready when', explained.probes),
    ...row(
      'services',
      explained.services.map(({ kind, url, source }) => `${kind} ${url} (${source})`),
    ),
    ...row('variables', [`${own.length} of its own, ${inherited.length} inherited`]),
    ...variables,
    ...row('withheld', withheld.length === 0 ? [] : [`${withheld.length}`]),
    ...withheld.map(({ name, why }) => `  ${name}  ${colours.dim(why)}`),
  ].join('\n');
}
