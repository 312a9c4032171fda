import type { LaunchPlan } from '../../launch/plan.ts';
import { describeTruncation } from '../../logs/describe-log-fault.ts';
import type { LogFile, LogStreamName } from '../../logs/log-file.ts';
import type { LogView } from '../../logs/log-view.ts';
import { watchLog } from '../../logs/watch-log.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import { PollWaker } from '../../probe/poll-waker.ts';
import type { Probe } from '../../probe/probe.ts';
import type { LogReader } from '../../probe/probe-context.ts';
import { resolveProbeTarget } from '../../probe/resolve-probe-target.ts';
import { untilReady } from '../../probe/until-ready.ts';
import { runCommand } from '../../process/run-command.ts';
import { findHeldSockets } from '../../process/table/find-socket-holders.ts';
import { findWorkerTree } from '../../process/tree/worker-tree.ts';
import type { LaunchSight, ServiceSpec, ServiceUse } from '../../service/service.ts';
import type { LaunchTap } from '../../tap/launch-tap.ts';
import { buildProbe, type ProbeMeans } from './build-probe.ts';
import type { LaunchContext } from './launch-context.ts';
import { maskedProbe } from './masked-probe.ts';
import { probePlace } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { pastTap, seeThroughTap } from './see-through-tap.ts';

const lookAgainMs = 100;

/** A launch as its probes see it. */
export interface GatedLaunch {
  readonly plan: LaunchPlan;
  readonly specs: readonly ProbeSpec[];
  readonly uses: readonly ServiceUse[];
  readonly view: LogView;
  readonly context: LaunchContext;
  readonly tap?: LaunchTap | undefined;
  /** Default: all. */
  readonly isAsked?: (probe: ProbeSpec) => boolean;
}

/** Waits until the probes of a launch are satisfied, keeping the board up to date. */
export function probeGate(launch: GatedLaunch): PreparedLaunch['gate'] {
  const { plan, specs, view, context, isAsked = () => true } = launch;
  return ({ notified }, board, signal) => {
    const probes = specs.flatMap((probe, index) => {
      if (!isAsked(probe)) return [];
      const built = buildProbe(probe, surroundProbe(probePlace(plan.worker, index), launch, notified));
      const { secrets } = launch.context;
      const target = resolveProbeTarget(probe, plan.cwd, text => secrets.mask(text));
      return [{ ...maskedProbe(built, secrets), target }];
    });
    board.reset(probes);
    return untilProbesReady(probes, view, {
      signal,
      onAnswer: (probe, answer) => board.note(probe, answer),
      isOtherStarting: () => context.isOtherStarting(plan.worker),
    });
  };
}

/** Every new log line is a hint to ask again at once. */
async function untilProbesReady(
  probes: readonly Probe[],
  view: LogView,
  options: Omit<Parameters<typeof untilReady>[1], 'waker'>,
): ReturnType<typeof untilReady> {
  const waker = new PollWaker();
  const files = view.hasFiles ? [view.files.stdout, view.files.stderr] : [];
  const watchers = files.map(file => wakeWhenGrown(file, waker));
  try {
    return await untilReady(probes, { ...options, waker });
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

function wakeWhenGrown(file: LogFile, waker: PollWaker): { close(): void } {
  let size = file.size();
  return watchLog(file, () => {
    const before = size;
    size = file.size();
    if (size !== before) waker.wake();
  });
}

function openLog(stream: LogStreamName, view: LogView): LogReader {
  const cursor = view.cursor(stream, 'launch');
  return {
    next() {
      const chunk = cursor.next();
      if (chunk?.kind !== 'truncated') return chunk;
      return { note: describeTruncation(view.files[stream], chunk.truncation) };
    },
  };
}

/** A look at every process costs more than the question of a probe: one in a while is enough. */
function socketsOf({ id }: LaunchPlan, view: LogView): LaunchSight['sockets'] {
  const logPaths = view.hasFiles ? [view.files.stdout.path, view.files.stderr.path] : [];
  let sockets: ReturnType<LaunchSight['sockets']>;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    // A worker that was not launched by live-worker has no mark to be found by.
    if (id === '' || performance.now() - lookedAtMs < lookAgainMs) return sockets;
    const members = findWorkerTree({ id, leader: undefined, logPaths });
    const held = members && findHeldSockets(members.map(({ pid }) => pid));
    sockets = held?.peers.map((peer, index) => ({ peer, localPort: held.localPorts[index] ?? 0 }));
    lookedAtMs = performance.now();
    return sockets;
  };
}

function surroundProbe(
  where: string,
  { plan, uses, view, context, tap }: GatedLaunch,
  notifiedLater: Promise<void>,
): ProbeMeans {
  let notified = false;
  void notifiedLater.then(() => {
    notified = true;
  });
  const own = socketsOf(plan, view);
  const sockets = () => {
    const seen = own();
    return seen && seeThroughTap(seen, tap);
  };
  const sight: LaunchSight = { sockets, tap: tap && besideTap(tap, own) };
  return {
    where,
    cwd: plan.cwd,
    env: plan.env,
    rootDir: context.rootDir,
    serviceProbe: spec => context.services.readyProbe(useOf(spec, uses), sight),
    openLog: stream => openLog(stream, view),
    isNotified: () => notified,
    runCommand: (command, limits) => runCommand(command, { cwd: plan.cwd, env: plan.env, ...limits }),
    loadModule: path => context.loadModule(path),
  };
}

function besideTap(tap: LaunchTap, own: LaunchSight['sockets']): LaunchSight['tap'] {
  return {
    ...tap,
    directSockets: () => own()?.filter(({ peer }) => pastTap([peer], tap).length > 0),
  };
}

function useOf(spec: ServiceSpec, uses: readonly ServiceUse[]): ServiceUse {
  const use = uses.find(candidate => candidate.spec === spec);
  if (!use) throw new TypeError(`No service was located for the probe of kind "${spec.kind}"`);
  return use;
}
