import { LiveWorkerError } from '../../errors.ts';
import type { Answers, Request } from '../protocol.ts';
import { packError } from '../reported-error.ts';
import type { ClientConnection } from './client-connection.ts';
import { type FollowedLaunch, followLaunch, followReady } from './follow-launch.ts';
import type { HeldLaunch, LaunchControl } from './holdings.ts';

/** A test file that has a lease, as long as it has it. */
export class Lessee {
  /** Its workers are stopped behind it. */
  readonly isSpared: boolean;
  readonly #client: ClientConnection;
  #followed: readonly FollowedLaunch[] = [];
  #controls: ReadonlyMap<string, LaunchControl> = new Map();
  #isOver = false;

  constructor(client: ClientConnection, { isSpared }: { readonly isSpared: boolean }) {
    this.#client = client;
    this.isSpared = isSpared;
  }

  /** Tells it what becomes of these from now on. */
  follow(held: readonly HeldLaunch[]): void {
    this.#controls = new Map(
      held.flatMap(({ launch, control }) => (control ? [[launch.name, control]] : [])),
    );
    this.#followed = held.map(launch => followLaunch(launch, this.#client));
  }

  async act({ worker, action }: Extract<Request, { kind: 'act' }>): Promise<Answers['act']> {
    try {
      await this.#control(worker).act(action);
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    }
  }

  async relaunch({ worker, env }: Extract<Request, { kind: 'relaunch' }>): Promise<Answers['relaunch']> {
    try {
      const { plan, ready } = await this.#control(worker).relaunch(env);
      // After the answer.
      setImmediate(() => followReady(worker, ready, this.#client, () => this.#isOver));
      return { kind: 'relaunched', plan };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    }
  }

  async readTap({ worker, after }: Extract<Request, { kind: 'readTap' }>): Promise<Answers['readTap']> {
    const launch = this.#followed.find(one => one.worker === worker);
    return { kind: 'tapReading', reading: (await launch?.readTap(after)) ?? null };
  }

  /** What was written until now is still shown. */
  finish(): void {
    for (const launch of this.#followed) launch.finish();
  }

  stop(): void {
    this.#isOver = true;
    for (const launch of this.#followed) launch.stop();
  }

  /** @throws WORKER_SHARED */
  #control(worker: string): LaunchControl {
    const control = this.#controls.get(worker);
    if (control) return control;
    throw new LiveWorkerError('WORKER_SHARED', `Worker "${worker}" is not of this test file alone`, {
      details: { worker },
    });
  }
}
