import {
  idle,
  type LifecycleEffect,
  type LifecycleEvent,
  type LifecycleState,
  type transition,
} from '../../src/session/lifecycle.ts';
import { SimulatedLaunch } from './simulated-launch.ts';

type Act = () => void;

const stepsToSettle = 20;
const exit = { code: 1, signal: null };
const staleKinds = [
  'spawned',
  'probes-ready',
  'deadline',
  'exited',
  'grace-over',
  'tree-gone',
  'tree-killed',
];

/**
 * A machine, a clock and a user around one worker. Whatever may happen next is a list to choose from; what must not
 * happen throws.
 */
export class SimulatedWorld {
  readonly #step: typeof transition;
  readonly #launches: SimulatedLaunch[] = [];
  #state: LifecycleState = idle;
  #steps = 0;

  constructor(step: typeof transition) {
    this.#step = step;
  }

  /** Each number chooses one of the things that may happen; then time goes on until nothing is left to wait for. */
  run(choices: Iterable<number>): void {
    for (const choice of choices) {
      const acts = [...this.#userActs(), ...this.#launches.flatMap(launch => this.#chances(launch))];
      acts[choice % acts.length]?.();
    }
    this.#settle();
    this.#tell({ kind: 'stop-asked' });
    this.#settle();
    const { kind } = this.#state;
    if (kind !== 'idle' && kind !== 'stopped') throw new Error(`a stop ended in the state ${kind}`);
    for (const launch of this.#launches) launch.checkEnd();
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
    ];
  }

  #tellSomethingStale(): void {
    const launch = this.#state.launch - 1;
    const kind = staleKinds[this.#steps % staleKinds.length];
    if (launch > 0) this.#tell({ kind, launch, exit, survivors: 0 } as LifecycleEvent);
  }

  /** What happens sooner or later by itself, a silent probe and a deaf process granted. */
  #certainties(launch: SimulatedLaunch): Act[] {
    const { number } = launch;
    return [
      launch.isSpawning ? [() => this.#spawned(launch)] : [],
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
    this.#tell({ kind: 'exited', launch: launch.number, exit });
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
    const { state, effects } = this.#step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: LifecycleEffect): void {
    if (effect.kind === 'spawn') this.#launches.push(new SimulatedLaunch(this.#state.launch));
    this.#launches.at(-1)?.carryOut(effect);
  }
}
