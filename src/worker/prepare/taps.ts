import { openTap, type Tap } from '../../tap/open-tap.ts';
import { notice } from '../../text/notice.ts';
import { packageLoader } from '../../watchdog/package-loader.ts';

/** The taps of the workers that one process launches: each stays, with its ports, over the restarts of its worker. */
export class Taps {
  readonly #open = new Map<string, Tap>();
  readonly #said = new Set<string>();

  of(worker: string): Tap {
    const known = this.#open.get(worker);
    if (known) return known;
    const tap = openTap({ worker, execArgv: packageLoader(), say: text => this.say(text) });
    this.#open.set(worker, tap);
    return tap;
  }

  /** Undefined for a worker that none was opened for. */
  known(worker: string): Tap | undefined {
    return this.#open.get(worker);
  }

  /** The same only once. */
  say(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    notice(text);
  }

  /** When the workers are gone. Never throws. */
  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(tap => tap.close()));
  }
}
