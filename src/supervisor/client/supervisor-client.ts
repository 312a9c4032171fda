import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { LiveWorkerError } from '../../errors.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { signalProcess } from '../../process/tree/signal-process.ts';
import { LineReader } from '../line-reader.ts';
import type { Answer, Answers, LeasePush, Push, Request, SupervisorFrame } from '../protocol.ts';
import { Heartbeat } from './heartbeat.ts';

export interface SupervisorClientOptions {
  /** The process at the other end; undefined where that is not known. */
  readonly supervisor: ProcessIdentity | undefined;
  /** Where it writes what it throws. */
  readonly logPath: string;
  /** For tests; 1 000. */
  readonly beatMs?: number;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** One connection to a supervisor. It keeps its process alive only while there is a question that was not answered. */
export class SupervisorClient {
  /** Resolves at the end of the connection, however it comes. */
  readonly closed: Promise<void>;
  readonly supervisor: ProcessIdentity | undefined;
  readonly #socket: Socket;
  readonly #logPath: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #heartbeat: Heartbeat;
  #lastId = 0;
  #isOpen = true;
  #awaited = 0;
  #onPush: (push: LeasePush) => void = () => {};
  #end = 'it ended unasked';

  constructor(socket: Socket, { supervisor, logPath, beatMs }: SupervisorClientOptions) {
    this.supervisor = supervisor;
    this.#socket = socket;
    this.#logPath = logPath;
    this.#heartbeat = new Heartbeat({
      ping: () => this.#send(0, { kind: 'ping' }),
      onSilence: () => this.#endFrozen(),
      ...(beatMs === undefined ? {} : { intervalMs: beatMs }),
    });
    const reader = new LineReader(line => this.#hear(JSON.parse(line) as SupervisorFrame));
    socket.on('data', chunk => reader.read(chunk));
    // It is followed by `close`, which says the same to all that wait.
    socket.on('error', () => {});
    this.closed = new Promise(resolve => {
      socket.once('close', () => {
        this.#lose();
        resolve();
      });
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws SUPERVISOR_LOST when the connection ends before the answer. */
  ask<Kind extends Request['kind']>(request: Extract<Request, { kind: Kind }>): Promise<Answers[Kind]> {
    if (!this.#isOpen) return Promise.reject(this.lost());
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Answer>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#send(id, request);
    this.#socket.ref();
    this.#heartbeat.start();
    return answer as Promise<Answers[Kind]>;
  }

  /** What becomes of the workers of a lease goes to `listener`. */
  listen(listener: (push: LeasePush) => void): void {
    this.#onPush = listener;
  }

  /** Keeps the process alive until `news` has come over this connection, or its end. */
  await(news: Promise<unknown>): void {
    this.#awaited += 1;
    this.#socket.ref();
    const heard = () => {
      this.#awaited -= 1;
      if (this.#waiting.size === 0) this.#rest();
    };
    news.then(heard, heard);
  }

  /** The end of the connection, which keeps the process alive until then. */
  async untilClosed(): Promise<void> {
    if (this.#isOpen) this.#socket.ref();
    await this.closed;
  }

  /** It is not used any more. */
  end(): void {
    this.#end = 'its connection was closed here';
    this.#socket.destroy();
  }

  #send(id: number, request: Request): void {
    this.#socket.write(`${JSON.stringify({ id, request })}\n`);
  }

  #hear(frame: SupervisorFrame): void {
    this.#heartbeat.heard();
    if ('push' in frame) {
      this.#note(frame.push);
      return;
    }
    this.#waiting.get(frame.id)?.resolve(frame.answer);
    this.#waiting.delete(frame.id);
    if (this.#waiting.size === 0) this.#rest();
  }

  #note(push: Push): void {
    switch (push.kind) {
      case 'ending':
        this.#end = `it ended: ${push.why}`;
        return;
      case 'refused':
        this.#end = `it refused what it was sent: ${push.why}`;
        return;
      default:
        this.#onPush(push);
    }
  }

  #rest(): void {
    this.#heartbeat.stop();
    if (this.#awaited === 0) this.#socket.unref();
  }

  #lose(): void {
    this.#isOpen = false;
    this.#rest();
    for (const { reject } of this.#waiting.values()) reject(this.lost());
    this.#waiting.clear();
  }

  /** Its watchdog ends what it held. */
  #endFrozen(): void {
    this.#end = 'it was frozen: no answer to a ping in 5 s, so it was ended by SIGKILL';
    if (this.supervisor) signalProcess(this.supervisor, 'SIGKILL');
    this.#socket.destroy();
  }

  /** @returns the error of the end of the connection */
  lost(): LiveWorkerError {
    const pid = this.supervisor?.pid;
    const who = pid === undefined ? 'The supervisor of this run' : `The supervisor of this run (pid ${pid})`;
    const said = existsSync(this.#logPath) ? `\nWhat supervisors have thrown stands in ${this.#logPath}` : '';
    return new LiveWorkerError('SUPERVISOR_LOST', `${who} is gone: ${this.#end}${said}`, {
      details: { pid, why: this.#end, logPath: this.#logPath },
    });
  }
}
