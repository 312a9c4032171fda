import type { Socket } from 'node:net';
import type { Answer, Answers, Request } from '../protocol.ts';
import { packError } from '../reported-error.ts';
import { acceptClient, type ClientConnection } from './client-connection.ts';
import type { Holdings, StopOrder } from './holdings.ts';

export interface SupervisorOptions {
  /** The name of its run. */
  readonly run: string;
  readonly version: string;
  readonly holdings: Holdings;
  /** A line for `supervisor.log`. */
  readonly note: (text: string) => void;
  /** It has stopped everything and closed every connection. */
  readonly onOver: () => void;
}

type RunOver = Answers['runComplete'];

/** All that its clients see of a supervisor; it knows nothing of its own socket and its own process. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #clients = new Set<ClientConnection>();
  readonly #members = new Map<ClientConnection, number>();
  #files: number | undefined;
  #end: Promise<RunOver> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  accept(socket: Socket): void {
    const client = acceptClient(socket, {
      answer: (request, connection) => this.#answer(request, connection),
      onRefused: why => this.#options.note(`a client was refused: it sent ${why}`),
      onClose: connection => this.#forget(connection),
    });
    this.#clients.add(client);
  }

  /** Once only: the first order counts. */
  end(why: string, order: StopOrder): Promise<RunOver> {
    if (!this.#end) {
      this.#end = this.#stop(why, order);
      void this.#end.then(() => this.#close());
    }
    return this.#end;
  }

  #answer(request: Request, client: ClientConnection): Promise<Answer> | Answer {
    switch (request.kind) {
      case 'hello':
        return this.#greet(request.version);
      case 'member':
        this.#members.set(client, request.pid);
        return { kind: 'done' };
      case 'runStarted':
        this.#files = request.files;
        return { kind: 'done' };
      case 'runComplete':
        return this.end('its run is complete', { kind: 'orderly' });
      case 'ping':
        return { kind: 'pong' };
      case 'status':
        return this.#status();
      default:
        return request satisfies never;
    }
  }

  #greet(version: string): Answers['hello'] {
    if (version !== this.#options.version) return { kind: 'otherVersion', version: this.#options.version };
    return { kind: this.#end ? 'ending' : 'welcome' };
  }

  #status(): Answers['status'] {
    const { run, version } = this.#options;
    const files = this.#files === undefined ? {} : { files: this.#files };
    return { kind: 'status', pid: process.pid, version, run, ...files, members: [...this.#members.values()] };
  }

  #forget(client: ClientConnection): void {
    this.#clients.delete(client);
    this.#members.delete(client);
  }

  async #stop(why: string, order: StopOrder): Promise<RunOver> {
    for (const client of this.#clients) client.push({ kind: 'ending', why });
    const problems = await this.#options.holdings.stop(order).catch((error: unknown) => [error]);
    for (const problem of problems) this.#options.note(String(problem));
    return { kind: 'over', problems: problems.map(packError) };
  }

  /** After the answers to `runComplete`: their turn came first. */
  async #close(): Promise<void> {
    await new Promise(setImmediate);
    await Promise.all([...this.#clients].map(client => client.close()));
    this.#options.onOver();
  }
}
