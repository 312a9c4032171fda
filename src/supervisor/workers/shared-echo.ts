import { type EchoTerminal, echoLogs } from '../../logs/echo-logs.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { Secrets } from '../../secrets/secrets.ts';

/** More at once would keep the supervisor from hearing of exits. */
const chunkBytes = 64 * 1024;

/**
 * Copies what a worker of the run writes to the terminal of one of the test files that use it, the one that has done so longest: so
 * each line is there once. While there is none, what is written waits.
 */
export class SharedEcho {
  readonly #terminals = new Set<EchoTerminal>();
  readonly #echo: ReturnType<typeof echoLogs>;

  constructor(worker: string, logs: LogFiles, secrets: Secrets) {
    const first = () => this.#first;
    const terminal = {
      write: (text: string) => first()?.write(text),
      get isBusy() {
        return first()?.isBusy ?? true;
      },
    };
    this.#echo = echoLogs(worker, logs, secrets, { terminal, chunkBytes });
  }

  add(terminal: EchoTerminal): void {
    this.#terminals.add(terminal);
  }

  /** The file is over: what was written until now is still its own. */
  finish(terminal: EchoTerminal): void {
    if (this.#first === terminal) this.#echo.handOver();
    this.#terminals.delete(terminal);
  }

  /** The file is gone. */
  delete(terminal: EchoTerminal): void {
    this.#terminals.delete(terminal);
  }

  close(): void {
    if (this.#first) this.#echo.close();
    else this.#echo.abandon();
  }

  get #first(): EchoTerminal | undefined {
    const [first] = this.#terminals;
    return first;
  }
}
