import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEffect } from '../../../src/worker/lifecycle/lifecycle-effects.ts';

/** One launch in a simulated world: its processes, its timers, its probes, and what was reported about it. */
export class SimulatedLaunch {
  readonly number: number;
  /** It follows an exit by itself. */
  readonly isRestart: boolean;
  isSpawning = false;
  isDeadlineArmed = false;
  isGraceArmed = false;
  isReleasing = false;
  isKilling = false;
  isExitUnheard = false;
  isPreparing = false;
  isAskingStacks = false;
  hasSaidReady = false;
  /** Decided, maybe not told: a cancelled probe may have its answer on the way. */
  verdict: 'ready' | 'fatal' | undefined;
  #leader: 'none' | 'alive' | 'stuck' | 'dead' = 'none';
  #heirs = 0;
  #stuckHeirs = 0;
  #isProbing = false;
  #isAsked = false;
  #isInHurry = false;
  #isAskedForStacks = false;
  #hasExited = false;
  #signals = 0;
  #kills = 0;
  #exitsReported = 0;
  #deathsReported = 0;
  #isStopped = false;
  #isExitExpected = false;
  /** It was ready, and ended before it was asked to. */
  #diedUnasked = false;
  #hasCrashed = false;
  /** What the start was answered with. */
  readonly #answers: ('ready' | 'failure' | 'stopped')[] = [];

  constructor(number: number, isRestart: boolean) {
    this.number = number;
    this.isRestart = isRestart;
  }

  get alive(): number {
    const leader = this.#leader === 'alive' || this.#leader === 'stuck' ? 1 : 0;
    return leader + this.#heirs + this.#stuckHeirs;
  }

  /** What processes and probes may do on their own; `stuck` is what SIGKILL does not end. */
  fates(): (() => void)[] {
    const leads = this.#leader === 'alive';
    const set = (change: () => unknown) => () => void change();
    return [
      leads ? [() => this.#leaderDies(), set(() => (this.#leader = 'stuck'))] : [],
      leads && this.#heirs < 2 ? [set(() => (this.#heirs += 1))] : [],
      this.#heirs > 0 ? [set(() => (this.#heirs -= 1)), () => this.#heirSticks()] : [],
      this.#isProbing && !this.verdict
        ? [set(() => (this.verdict = 'ready')), set(() => (this.verdict = 'fatal'))]
        : [],
    ].flat();
  }

  spawn(): void {
    this.isSpawning = false;
    this.#leader = 'alive';
  }

  kill(): void {
    this.isKilling = false;
    this.#heirs = 0;
    if (this.#leader === 'alive') this.#leaderDies();
  }

  hearExit(): void {
    this.isExitUnheard = false;
    this.#hasExited = true;
  }

  /** It exited after it was ready, and neither a user nor live-worker had asked for it. */
  get hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  hearAsk(kind: 'stop-asked' | 'kill-asked'): void {
    if (this.#isStopped) return;
    this.#isAsked = true;
    if (kind === 'kill-asked') this.#isInHurry = true;
  }

  expectExit(): void {
    if (this.#leader === 'alive' || this.#leader === 'stuck') this.#isExitExpected = true;
    else this.#isExitExpected ||= this.isExitUnheard;
  }

  carryOut(effect: LifecycleEffect): void {
    this.#demand(!this.#isStopped, `${effect.kind} came after the end`);
    switch (effect.kind) {
      case 'spawn':
        this.isSpawning = true;
        break;
      case 'arm-deadline':
      case 'disarm-deadline':
        this.isDeadlineArmed = effect.kind === 'arm-deadline';
        break;
      case 'prepare-restart':
        this.isPreparing = true;
        break;
      case 'cancel-restart':
        this.#demand(this.isPreparing, 'what was not prepared was cancelled');
        this.isPreparing = false;
        break;
      case 'ask-stacks':
        this.#demand(!this.#isAskedForStacks, 'it was asked twice what it does');
        this.#isAskedForStacks = true;
        this.isAskingStacks = true;
        break;
      case 'start-probes':
      case 'cancel-probes':
        this.#isProbing = effect.kind === 'start-probes';
        break;
      case 'signal-leader':
        this.#signals += 1;
        this.#demand(
          this.#leader !== 'none' && this.#signals === 1,
          'a leader was not there, or signalled twice',
        );
        break;
      case 'arm-grace':
      case 'disarm-grace':
        this.isGraceArmed = effect.kind === 'arm-grace';
        this.#demand(!this.isGraceArmed || !this.#isInHurry, 'grace was granted in a hurry');
        break;
      case 'release-tree':
        this.#demand(this.#hasExited, 'a tree was released before its leader was gone');
        this.isReleasing = true;
        break;
      case 'kill-tree':
        this.#kills += 1;
        this.#demand(this.#kills === 1, 'a tree was killed twice');
        this.isReleasing = false;
        this.isKilling = true;
        break;
      case 'report-ready':
        this.#demand(this.hasSaidReady, 'ready before the probes said so');
        this.#demand(!this.#hasExited, 'ready after an exit');
        this.#answer('ready');
        break;
      case 'report-failure':
        this.#answer('failure');
        break;
      case 'report-exit':
        this.#exitsReported += 1;
        this.#demand(this.#hasExited && this.#exitsReported === 1, 'an exit was made up or reported twice');
        this.#hasCrashed = !effect.asked && this.#answers[0] === 'ready';
        this.#demand(
          !(this.#diedUnasked && this.#signals === 1 && !this.#isExitExpected && effect.asked),
          'a death before the stop was taken for its answer',
        );
        break;
      case 'report-death':
        this.#deathsReported += 1;
        this.#demand(this.hasCrashed && this.#deathsReported === 1, 'a death was made up or reported twice');
        break;
      case 'report-stopped':
        this.#stop(effect.survivors);
        break;
      default:
        effect satisfies never;
    }
  }

  get canBeReady(): boolean {
    return this.#isProbing && !this.hasSaidReady && !this.isExitUnheard;
  }

  get isOver(): boolean {
    return this.#isStopped;
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }

  get deathsReported(): number {
    return this.#deathsReported;
  }

  /** A start is waited for no longer than its deadline. */
  checkAnswer(): void {
    this.#demand(this.#answers.length === 1, 'its start was not answered by its deadline');
  }

  checkEnd({ onExit }: ExitPolicy): void {
    const mustFail = onExit === 'fail' && this.hasCrashed;
    this.#demand(!mustFail || this.#deathsReported === 1, 'a death was not reported');
    this.#demand(this.#isStopped, 'its end was never reported');
    this.#demand(this.#answers.length === 1, `the start was answered ${this.#answers.length} times`);
  }

  #stop(survivors: number): void {
    const wasSpawned = this.#leader !== 'none';
    this.#demand(!this.isSpawning, 'a process was still to come at the end');
    this.#demand(this.alive === survivors, `${this.alive} processes were alive, ${survivors} reported`);
    this.#demand(!this.isDeadlineArmed && !this.isGraceArmed, 'a timer outlived the end');
    const isExitKnown = this.#exitsReported === (wasSpawned ? 1 : 0);
    this.#demand(survivors > 0 || isExitKnown, 'stopped without its exit');
    this.#demand(this.#answers.length > 0 || this.#isAsked, 'stopped without a word');
    if (this.#answers.length === 0) this.#answer('stopped');
    this.#demand(!this.isPreparing, 'a restart was still prepared at the end');
    this.isReleasing = false;
    this.isAskingStacks = false;
    this.#isProbing = false;
    this.#isStopped = true;
  }

  #answer(answer: 'ready' | 'failure' | 'stopped'): void {
    this.#demand(this.#answers.length === 0, `${answer} after ${this.#answers}`);
    this.#answers.push(answer);
  }

  #leaderDies(): void {
    this.#leader = 'dead';
    this.#diedUnasked = this.#answers[0] === 'ready' && this.#signals === 0 && this.#kills === 0;
    this.isExitUnheard = true;
  }

  #heirSticks(): void {
    this.#heirs -= 1;
    this.#stuckHeirs += 1;
  }

  #demand(isMet: boolean, complaint: string): void {
    if (!isMet) throw new Error(`launch ${this.number}: ${complaint}`);
  }
}
