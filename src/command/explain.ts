import { resolve } from 'node:path';
import { describeFilledIn, describeOrigin } from '../launch/environment/describe-origin.ts';
import { ownLead } from '../launch/environment/lay-otel.ts';
import { describeInterpreter } from '../launch/executable/describe-interpreter.ts';
import { type LaunchRecord, toLaunchRecord } from '../launch/launch-record.ts';
import { secretSources } from '../launch/secret-sources.ts';
import { Secrets } from '../secrets/secrets.ts';
import { aimProbes, planLaunch } from '../worker/prepare/plan-launch.ts';
import type { CommandContext, CommandResult } from './command-result.ts';
import { describedServices, describeProbes } from './describe-probes.ts';
import { findWorker } from './find-worker.ts';
import { formatExplanation } from './format-explanation.ts';
import { otlpPlace } from './otlp-place.ts';
import type { ProjectOptions } from './project-options.ts';
import { readVersion } from './read-version.ts';

export interface ExplainOptions extends ProjectOptions {
  /** With inherited variables, and those that are withheld. */
  readonly all?: boolean;
}

/** The launch a test file would make now: everything looked up, nothing written or started. */
export async function explain(
  name: string,
  options: ExplainOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { project, spec } = await findWorker(name, context.cwd, options);
  const { rootDir } = project;
  const plan = await planLaunch(spec, rootDir, { otlpEndpoint: otlpPlace(spec) });
  const specs = aimProbes(spec, plan.env);
  const secrets = new Secrets(secretSources(plan, specs));
  const services = describedServices(rootDir);
  const uses = services.usesOf({ plan, specs, rootDir });
  const record = toLaunchRecord(plan, secrets);
  const explanation = {
    worker: name,
    project: project.name,
    rootDir,
    command: record.command,
    executable: record.executable,
    interpreter: { ...describeInterpreter(plan), version: await readVersion(plan) },
    cwd: plan.cwd,
    stdin: spec.stdin,
    envFiles: spec.envFiles.map(file => resolve(plan.cwd, file)),
    probes: describeProbes(specs, plan, { rootDir, services, uses }).map(text => secrets.mask(text)),
    services: uses.map(({ spec: { kind }, url, source }) => ({ kind, url: secrets.mask(url), source })),
    ...(spec.otel ? { spans: describeSpans(ownLead(plan)) } : {}),
    ports: plan.ports,
    startTimeoutMs: spec.startTimeoutMs,
    stop: spec.stop,
    env: describeVariables(record, rootDir),
    withheld: record.withheld,
  };
  return { document: explanation, text: formatExplanation(explanation, context, options.all ?? false) };
}

function describeSpans(own: readonly string[]): string {
  return own.length === 0 ? 'received, by otel: true' : `not received: it sets ${own.join(', ')} itself`;
}

function describeVariables({ env }: LaunchRecord, rootDir: string) {
  const variables = Object.entries(env).map(([name, { value, from }]) => {
    const filledIn = describeFilledIn(from);
    const origin = [describeOrigin(from, rootDir), ...(filledIn === undefined ? [] : [filledIn])].join(', ');
    return [name, { value, from: from.layer, origin }] as const;
  });
  return Object.fromEntries(variables);
}
