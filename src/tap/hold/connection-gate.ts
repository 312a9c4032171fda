import type { Socket } from 'node:net';
import type { AmqpEvent, Side } from '../amqp/amqp-event.ts';
import type { PostgresEvent } from '../postgres/postgres-event.ts';
import type { PassedEnd } from '../proxy/pass-bytes.ts';
import { reset } from '../proxy/pass-bytes.ts';
import type { TappedConnection } from '../proxy/tapped-connection.ts';
import type { Answer, Effect } from './effect.ts';
import type { EffectReader } from './effect-reader.ts';
import { JudgedStream } from './judged-stream.ts';

/** What decides on the effects of a connection. */
export interface Judge {
  readonly isWatching: boolean;
  /** An effect is about to begin. True: its bytes are kept back, from the first on. */
  stopsBefore(effect: Effect, gate: ConnectionGate): boolean;
  /** An effect has passed; what is sent behind it is kept back from now on where that is wanted. */
  hasPassed(effect: Effect, gate: ConnectionGate): void;
  /** The service has told something. */
  hear(event: AmqpEvent | PostgresEvent, gate: ConnectionGate): void;
  /** Nothing comes of it any more. */
  isClosed(gate: ConnectionGate): void;
}

export interface GateOptions {
  readonly listener: string;
  readonly tapped: TappedConnection;
  readonly judge: Judge;
}

const nothing = Buffer.alloc(0);

interface Direction {
  readonly stream: JudgedStream;
  /** Not passed on, and not to be judged before it is. */
  readonly held: Buffer[];
  isHeld: boolean;
  /** How it ended while it was held. */
  end: PassedEnd | undefined;
}

/** One connection of a worker: passes what either side sends, keeps it back, or lets go of it for good. */
export class ConnectionGate {
  readonly listener: string;
  readonly #tapped: TappedConnection;
  readonly #judge: Judge;
  readonly #directions: { readonly client: Direction; readonly server: Direction };
  #client: Socket | undefined;
  #server: Socket | undefined;
  #isFrozen = false;
  /** What the service has sent and the worker is not given yet. */
  #answers: Buffer[] | undefined;

  constructor({ listener, tapped, judge }: GateOptions) {
    this.listener = listener;
    this.#tapped = tapped;
    this.#judge = judge;
    this.#directions = { client: newDirection('client', tapped), server: newDirection('server', tapped) };
  }

  /** Both sides are connected. */
  join(client: Socket, server: Socket): void {
    this.#client = client;
    this.#server = server;
    for (const socket of [client, server]) socket.once('close', () => this.#judge.isClosed(this));
  }

  get effects(): EffectReader {
    return this.#tapped.effects;
  }

  get isClosed(): boolean {
    return this.#client?.destroyed === true && this.#server?.destroyed !== false;
  }

  /** True while the other side is not to be read for this one. */
  isHeld(side: Side): boolean {
    return this.#isFrozen || this.#directions[side].isHeld;
  }

  /** @returns what of it goes on now */
  pass(side: Side, piece: Buffer): Buffer {
    const direction = this.#directions[side];
    if (this.#isFrozen) return nothing;
    if (direction.isHeld) {
      direction.held.push(piece);
      return nothing;
    }
    if (direction.stream.isBegun || this.#isJudged(side)) return this.#passJudged(side, piece);
    this.#tapped.from(side, piece);
    // Also where it was what a crash waited for: the worker has its answer.
    if (side === 'client' || !this.#answers) return piece;
    this.#answers.push(piece);
    return nothing;
  }

  /** One side has ended. @returns whether the other is to hear of it now */
  passEnd(side: Side, end: PassedEnd): boolean {
    if (!this.isHeld(side)) return true;
    this.#directions[side].end ??= end;
    return false;
  }

  hear(event: AmqpEvent | PostgresEvent): void {
    this.#judge.hear(event, this);
  }

  judgeAnswer(answer: Answer, event: AmqpEvent | PostgresEvent): 'taken' | 'refused' | undefined {
    return this.effects.judge(answer, event);
  }

  /** What a side sends from now on is kept, and not read beyond what waits already. */
  hold(side: Side): void {
    this.#directions[side].isHeld = true;
    this.#socketOf(side)?.pause();
  }

  /** What was kept goes on, in its order. */
  release(side: Side): void {
    const direction = this.#directions[side];
    if (!direction.isHeld || this.#isFrozen) return;
    direction.isHeld = false;
    const pieces = direction.held.splice(0);
    while (pieces.length > 0 && !this.isHeld(side)) this.#write(side, pieces.shift() as Buffer);
    if (this.isHeld(side)) {
      direction.held.push(...pieces);
      return;
    }
    this.#socketOf(side)?.resume();
    const { end } = direction;
    direction.end = undefined;
    if (end === 'end') this.#otherOf(side)?.end();
    else if (end) reset(this.#otherOf(side) as Socket);
  }

  /** Nobody judges any more: what waits to be judged goes on. */
  stopJudging(): void {
    for (const side of ['client', 'server'] as const) {
      const direction = this.#directions[side];
      const rest = direction.stream.takeRest();
      if (rest.length === 0 || this.#isFrozen) continue;
      if (direction.isHeld) direction.held.unshift(rest);
      else this.#write(side, rest);
    }
  }

  /** Nothing goes on in either direction, for good. */
  freeze(): void {
    this.#isFrozen = true;
    this.#client?.pause();
    this.#server?.pause();
  }

  /** Behind a freeze: ends the service's side in order, as the kernel does for a process that is gone. Resolves when that is closed. */
  async end(): Promise<void> {
    const server = this.#server;
    this.#client?.destroy();
    if (!server || server.destroyed) return;
    const closed = new Promise<void>(resolve => server.once('close', () => resolve()));
    server.end();
    server.resume();
    await closed;
  }

  /** What the service says is heard here, and the worker does not get it. */
  keepAnswers(): void {
    this.#answers = [];
  }

  giveAnswers(): void {
    const answers = this.#answers ?? [];
    this.#answers = undefined;
    for (const piece of answers) this.#client?.write(piece);
  }

  /** Both sides hear of a reset. */
  cut(): void {
    this.#isFrozen = true;
    for (const socket of [this.#client, this.#server]) if (socket) reset(socket);
  }

  /** The worker hears of a reset, the service of an end. */
  loseAnswer(): void {
    this.freeze();
    if (this.#client) reset(this.#client);
    void this.end();
  }

  #isJudged(side: Side): boolean {
    return this.#judge.isWatching && !this.#tapped.isPipe && this.effects.sides.includes(side as 'client');
  }

  #passJudged(side: Side, piece: Buffer): Buffer {
    const { stream, held } = this.#directions[side];
    const { passed, kept } = stream.pass(piece, {
      stopsBefore: effect => this.#judge.stopsBefore(effect, this),
      hasPassed: effect => this.#judge.hasPassed(effect, this),
      isHeld: () => this.isHeld(side),
    });
    if (kept.length > 0) held.push(kept);
    return passed;
  }

  #write(side: Side, piece: Buffer): void {
    const bytes = this.pass(side, piece);
    if (bytes.length > 0) this.#otherOf(side)?.write(bytes);
  }

  #socketOf(side: Side): Socket | undefined {
    return side === 'client' ? this.#client : this.#server;
  }

  #otherOf(side: Side): Socket | undefined {
    return side === 'client' ? this.#server : this.#client;
  }
}

function newDirection(side: Side, tapped: TappedConnection): Direction {
  return { stream: new JudgedStream(side, tapped), held: [], isHeld: false, end: undefined };
}
