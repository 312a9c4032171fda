import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEffect } from '../../../src/worker/lifecycle/lifecycle-effects.ts';
import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../../../src/worker/lifecycle/lifecycle-state.ts';
import type { transition } from '../../../src/worker/lifecycle/transition.ts';
import { SimulatedLaunch } from './simulated-launch.ts';

type Act = () => void;

const stepsToSettle = 40;
const exit = { code: 1, signal: null };
const staleKinds = [
  'spawned',
  'probes-ready',
  'deadline',
  'exited',
  'leader-found-dead',
  'grace-over',
  'tree-gone',
  'tree-killed',
  'stacks-told',
  'restart-prepared',
];

/**
 * A machine, a clock and a user around one worker. What may happen next is a list to choose from; what must not
 * happen throws.
 */
export class SimulatedWorld {
  readonly #step: typeof transition;
  readonly #launches: SimulatedLaunch[] = [];
  #state: LifecycleState = idle;
  #steps = 0;
  #nowMs = 0;
  #lastExitMs = 0;
  readonly #policy: ExitPolicy;
  /** The exits that were answered by a restart. */
  readonly #restartsAtMs: number[] = [];

  constructor(step: typeof transition, policy: ExitPolicy) {
    this.#step = step;
    this.#policy = policy;
  }

  /** Each number chooses one of the things that may happen; then time goes on until nothing is left to wait for. */
  run(choices: Iterable<number>, { isSmooth = false } = {}): void {
    for (const choice of choices) {
      if (isSmooth) this.#comeUp();
      const chances = this.#launches.flatMap(launch => this.#chances(launch));
      // A user is slow: else few launches would live to be restarted.
      const acts = [...this.#userActs(), ...chances, ...chances, ...chances, ...chances];
      acts[choice % acts.length]?.();
    }
    this.#settle();
    for (const launch of this.#launches) launch.checkAnswer();
    this.#tell({ kind: 'stop-asked' });
    this.#settle();
    const { kind } = this.#state;
    if (kind !== 'idle' && kind !== 'stopped') throw new Error(`a stop ended in the state ${kind}`);
    for (const [index, launch] of this.#launches.entries()) {
      launch.checkEnd(this.#policy);
      this.#checkCrash(launch, this.#launches[index + 1]);
    }
  }

  /** No start fails: worlds in which a worker crashes again and again would be rare otherwise. */
  #comeUp(): void {
    const launch = this.#launches.at(-1);
    if (launch?.isPreparing) this.#prepared(launch);
    if (launch?.isSpawning) this.#spawned(launch);
    if (launch?.canBeReady) this.#saysReady(launch);
  }

  /** A crash fails tests, is followed by a launch, or by a stop that was asked for. */
  #checkCrash(launch: SimulatedLaunch, next: SimulatedLaunch | undefined): void {
    if (!launch.hasCrashed) return;
    const isFollowed = launch.deathsReported === 1 || next?.isRestart === true || launch.isAsked;
    if (!isFollowed) throw new Error(`launch ${launch.number}: it ended, and nothing followed`);
  }

  #settle(): void {
    for (let steps = 0; steps < stepsToSettle; steps += 1) {
      const next = this.#launches.flatMap(launch => this.#certainties(launch))[0];
      if (!next) return;
      next();
    }
    throw new Error(`there is no end to ${JSON.stringify(this.#state)}`);
  }

  #userActs(): Act[] {
    return [
      () => this.#tell({ kind: 'start-asked' }),
      () => this.#tell({ kind: 'stop-asked' }),
      () => this.#tell({ kind: 'kill-asked' }),
      () => this.#tell({ kind: 'exit-expected' }),
      () => this.#tellSomethingStale(),
      () => {
        this.#nowMs += this.#policy.restartLimit.withinMs / 4;
      },
    ];
  }

  #tellSomethingStale(): void {
    const launch = this.#state.launch - 1;
    const kind = staleKinds[this.#steps % staleKinds.length];
    if (launch > 0) this.#tell({ kind, launch, exit, atMs: this.#nowMs, survivors: 0 } as LifecycleEvent);
  }

  /** What happens sooner or later by itself, a silent probe and a deaf process granted. */
  #certainties(launch: SimulatedLaunch): Act[] {
    const { number } = launch;
    return [
      launch.isPreparing ? [() => this.#prepared(launch)] : [],
      launch.isSpawning ? [() => this.#spawned(launch)] : [],
      launch.isAskingStacks ? [() => this.#stacksTold(launch)] : [],
      launch.isExitUnheard ? [() => this.#exited(launch)] : [],
      launch.isReleasing && launch.alive === 0
        ? [() => this.#tell({ kind: 'tree-gone', launch: number })]
        : [],
      launch.isKilling ? [() => this.#killed(launch)] : [],
      launch.isDeadlineArmed ? [() => this.#deadlinePasses(launch)] : [],
      launch.isGraceArmed ? [() => this.#gracePasses(launch)] : [],
    ].flat();
  }

  #chances(launch: SimulatedLaunch): Act[] {
    const { number, verdict } = launch;
    return [
      ...this.#certainties(launch),
      ...launch.fates(),
      launch.isPreparing ? [() => this.#restartRefused(launch)] : [],
      launch.isSpawning ? [() => this.#refused(launch)] : [],
      verdict === 'ready' ? [() => this.#saysReady(launch)] : [],
      verdict === 'fatal'
        ? [() => this.#tell({ kind: 'probe-fatal', launch: number, probe: 'p', why: 'w' })]
        : [],
    ].flat();
  }

  #spawned(launch: SimulatedLaunch): void {
    launch.spawn();
    this.#tell({ kind: 'spawned', launch: launch.number });
  }

  #prepared(launch: SimulatedLaunch): void {
    launch.isPreparing = false;
    this.#tell({ kind: 'restart-prepared', launch: launch.number });
  }

  #restartRefused(launch: SimulatedLaunch): void {
    launch.isPreparing = false;
    this.#tell({ kind: 'restart-refused', launch: launch.number, error: 'no broker' });
  }

  #stacksTold(launch: SimulatedLaunch): void {
    launch.isAskingStacks = false;
    this.#tell({ kind: 'stacks-told', launch: launch.number });
  }

  #refused(launch: SimulatedLaunch): void {
    launch.isSpawning = false;
    this.#tell({ kind: 'spawn-failed', launch: launch.number, error: 'EAGAIN' });
  }

  #saysReady(launch: SimulatedLaunch): void {
    launch.hasSaidReady = true;
    this.#tell({ kind: 'probes-ready', launch: launch.number });
  }

  #exited(launch: SimulatedLaunch): void {
    launch.hearExit();
    this.#lastExitMs = this.#nowMs;
    this.#tell({ kind: 'exited', launch: launch.number, exit, atMs: this.#nowMs });
  }

  #killed(launch: SimulatedLaunch): void {
    launch.kill();
    this.#tell({ kind: 'tree-killed', launch: launch.number, survivors: launch.alive });
  }

  #deadlinePasses(launch: SimulatedLaunch): void {
    launch.isDeadlineArmed = false;
    this.#tell({ kind: 'deadline', launch: launch.number });
  }

  #gracePasses(launch: SimulatedLaunch): void {
    launch.isGraceArmed = false;
    this.#tell({ kind: 'grace-over', launch: launch.number });
  }

  #tell(event: LifecycleEvent): void {
    this.#steps += 1;
    if (event.kind === 'stop-asked' || event.kind === 'kill-asked')
      this.#launches.at(-1)?.hearAsk(event.kind);
    if (event.kind === 'exit-expected' && (this.#state.kind === 'probing' || this.#state.kind === 'ready'))
      this.#launches.at(-1)?.expectExit();
    const { state, effects } = this.#step(this.#state, event, this.#policy);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: LifecycleEffect): void {
    const last = this.#launches.at(-1);
    if (effect.kind === 'prepare-restart') this.#judgeRestart(last);
    const isNew = effect.kind === 'prepare-restart' || (effect.kind === 'spawn' && last?.isOver !== false);
    if (isNew) {
      const isRestart = effect.kind === 'prepare-restart';
      this.#launches.push(new SimulatedLaunch(this.#state.launch, isRestart));
    }
    const launch = this.#launches.at(-1);
    launch?.carryOut(effect);
    if (effect.kind === 'signal-leader' && launch?.isExitUnheard)
      this.#tell({ kind: 'leader-found-dead', launch: launch.number });
  }

  #judgeRestart(last: SimulatedLaunch | undefined): void {
    if (!last?.hasCrashed || !last.isOver) throw new Error('a restart that no end asked for');
    if (last.isAsked) throw new Error('a restart although a stop was asked');
    if (last.deathsReported > 0) throw new Error('a restart of what failed');
    const { onExit, restartLimit } = this.#policy;
    if (onExit !== 'restart') throw new Error(`a restart in spite of onExit: ${onExit}`);
    this.#restartsAtMs.push(this.#lastExitMs);
    const recent = this.#restartsAtMs.filter(atMs => this.#lastExitMs - atMs < restartLimit.withinMs);
    if (recent.length > restartLimit.count) throw new Error('more restarts than the limit');
  }
}
