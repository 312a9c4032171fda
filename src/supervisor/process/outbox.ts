import type { Socket } from 'node:net';
import type { Answer, Push, SupervisorFrame } from '../protocol.ts';

/** As much may wait for a client whose event loop is blocked. */
const mostWaitingBytes = 64 * 1024;

/** What goes to one client. A client that does not read costs a bounded amount of memory, and is not waited for. */
export class Outbox {
  readonly #socket: Socket;
  /** What a full outbox keeps: of each kind the latest, for it alone is still true when the client reads again. */
  readonly #latest = new Map<string, Push>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#catchUp());
  }

  /** Never left out. While the client does not read, no more of its requests are read either. */
  answer(id: number, answer: Answer): void {
    this.#write({ id, answer });
    if (this.isFull) this.#socket.pause();
  }

  /** A line of a worker is never left out: who sends them looks whether it is full. */
  push(push: Push): void {
    if (push.kind === 'echo') this.#write({ push });
    else if (this.isFull || this.#latest.size > 0) this.#latest.set(labelOf(push), push);
    else this.#write({ push });
  }

  #catchUp(): void {
    for (const push of this.#latest.values()) this.#write({ push });
    this.#latest.clear();
    this.#socket.resume();
  }

  get isFull(): boolean {
    return this.#socket.writableLength > mostWaitingBytes;
  }

  #write(frame: SupervisorFrame): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(frame)}\n`);
  }
}

function labelOf(push: Push): string {
  const worker = 'worker' in push ? push.worker : '';
  return `${push.kind} ${push.kind === 'news' ? push.news.kind : ''} ${worker}`;
}
