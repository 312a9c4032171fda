import { setTimeout as sleep } from 'node:timers/promises';
import { LiveWorkerError } from '../../errors.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import { resolveAttachedLaunch } from '../../launch/resolve-launch.ts';
import { LogFile } from '../../logs/log-file.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { givenEnvironment } from '../../process/table/given-environment.ts';
import { readEnvironment } from '../../process/table/process-table.ts';
import { readLaunchRecord } from '../../records/find-launch-records.ts';
import type { HeldWorker } from '../../records/held-worker.ts';
import { findHeldWorker } from '../../records/held-workers.ts';
import type { AttachedRunner } from '../runner/attached-runner.ts';
import type { LaunchContext } from './launch-context.ts';
import { aimProbes, planLaunch } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { watchedLaunch } from './watched-launch.ts';

const pollMs = 20;

/** The logs of a worker in another terminal, to read; undefined for one that no `live-worker run` holds. */
export function openAttachedLogs(held: HeldWorker | undefined): LogFiles | undefined {
  if (!held) return undefined;
  return {
    stdout: new LogFile('stdout', held.logPaths.stdout, 'r'),
    stderr: new LogFile('stderr', held.logPaths.stderr, 'r'),
  };
}

/**
 * What a launch would be for a worker that is there already: the very launch `live-worker run` made, or what the
 * configuration says of one that lives elsewhere.
 *
 * @throws ATTACH_FAILED when `run` does not get to start it
 */
export async function prepareAttachment(
  runner: AttachedRunner,
  context: LaunchContext,
): Promise<PreparedLaunch> {
  const { spec, view } = runner;
  const held = runner.held && (await untilStarted(spec, context.rootDir));
  runner.held = held;
  const plan = held
    ? await planOf(held, spec, context.rootDir)
    : await resolveElsewhere(spec, context.rootDir);
  const specs = aimProbes(spec, plan.env).map(probe =>
    held ? probe : context.services.specOfUnknownLaunch(probe),
  );
  return watchedLaunch({ plan, specs, view, hasItsStart: held !== undefined }, context);
}

async function untilStarted(spec: WorkerSpec, rootDir: string): Promise<HeldWorker> {
  const deadline = performance.now() + spec.startTimeoutMs;
  for (;;) {
    const held = findHeldWorker(rootDir, spec.name);
    if (held?.leader) return held;
    if (!held || performance.now() > deadline) throw notStarted(spec, held);
    await sleep(pollMs);
  }
}

function notStarted({ name, startTimeoutMs }: WorkerSpec, held: HeldWorker | undefined): LiveWorkerError {
  const what = held
    ? `live-worker run, pid ${held.owner.pid}, did not start it within ${startTimeoutMs} ms\nLook into its terminal`
    : `live-worker run ended before it was started\nStart it again: npx live-worker run ${name}`;
  return new LiveWorkerError('ATTACH_FAILED', `Cannot attach to worker "${name}": ${what}`, {
    details: { worker: name, owner: held?.owner.pid ?? null },
  });
}

/** Its environment is that of its process; where that cannot be read, the configuration is asked again. */
async function planOf(held: HeldWorker, spec: WorkerSpec, rootDir: string): Promise<LaunchPlan> {
  const launch = readLaunchRecord(held.launchPath)?.record;
  const env = parseEnvironment(readEnvironment(held.leader?.pid ?? 0));
  if (!launch || env.LIVE_WORKER_ID !== held.id) {
    const ports = Object.entries(launch?.ports ?? {}).map(([name, port]) => [name, String(port)]);
    return { ...(await planLaunch(spec, rootDir, { env: Object.fromEntries(ports) })), id: held.id };
  }
  const [file = '', ...args] = launch.command;
  const provenance = Object.fromEntries(Object.entries(launch.env).map(([name, { from }]) => [name, from]));
  const { worker, id, executable, cwd, withheld, ports } = launch;
  return { worker, id, file, args, executable, cwd, env, provenance, withheld, ports };
}

function resolveElsewhere(spec: WorkerSpec, rootDir: string): Promise<LaunchPlan> {
  const { env, setByJest } = givenEnvironment();
  return resolveAttachedLaunch(spec, { rootDir, inheritedEnv: env, setByJest, id: '', applicationName: '' });
}

function parseEnvironment(text: string): Readonly<Record<string, string>> {
  const variables = text.split('\0').filter(variable => variable.includes('='));
  return Object.fromEntries(
    variables.map(variable => {
      const end = variable.indexOf('=');
      return [variable.slice(0, end), variable.slice(end + 1)];
    }),
  );
}
