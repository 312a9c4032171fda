import { Gatherer } from '../gatherer.ts';
import { NotUnderstood, notUnderstood } from '../not-understood.ts';
import { MessageReader } from './message-reader.ts';
import type { PostgresEvent } from './postgres-event.ts';
import { clientTags, readClientMessage, readClientTags, toldClientTags } from './read-client-message.ts';
import { readServerMessage, readServerTags, serverTags, toldServerTags } from './read-server-message.ts';
import { readStartup } from './read-startup.ts';

/** As Postgres itself limits what comes before a login. */
const largestStartup = 10_000;

/**
 * Reads both directions of a connection of the Postgres protocol, version 3, from pieces cut anywhere. It looks at heads where
 * they lie, and skips rows, parameters and the data of a COPY by their length. Never throws: bytes it cannot read are one
 * `not-understood`, and nothing of either direction is read behind them.
 *
 * Source: PostgreSQL manual, "Frontend/Backend Protocol".
 */
export class PostgresReader {
  readonly #startup = new Gatherer();
  readonly #client = new MessageReader({
    tags: clientTags,
    readTags: readClientTags,
    toldTags: toldClientTags,
  });
  readonly #server = new MessageReader({
    tags: serverTags,
    readTags: readServerTags,
    toldTags: toldServerTags,
  });
  #startupLength = 0;
  #isStarted = false;
  /** Questions about encryption, each answered by one octet without a tag. */
  #asked = 0;
  #isStopped = false;

  fromClient(piece: Buffer): readonly PostgresEvent[] {
    return this.#read(piece, (at, events) => {
      if (!this.#isStarted) return this.#readStartup(piece, at, events);
      return this.#client.readPart(piece, at, (tag, body) => add(events, readClientMessage(tag, body)));
    });
  }

  fromServer(piece: Buffer): readonly PostgresEvent[] {
    return this.#read(piece, (at, events) => {
      if (this.#asked > 0) return this.#readAnswer(piece, at);
      return this.#server.readPart(piece, at, (tag, body) => add(events, readServerMessage(tag, body)));
    });
  }

  /** How many octets of the client may pass before a message begins, at the least; 0 where one begins with the next. */
  get clientStep(): number {
    return this.#isStarted ? this.#client.step : 1;
  }

  #read(piece: Buffer, step: (at: number, events: PostgresEvent[]) => number): readonly PostgresEvent[] {
    const events: PostgresEvent[] = [];
    try {
      for (let at = 0; at < piece.length && !this.#isStopped; ) at = step(at, events);
    } catch (error) {
      this.#isStopped = true;
      events.push(notUnderstood(error));
    }
    return events;
  }

  #readStartup(piece: Buffer, at: number, events: PostgresEvent[]): number {
    const isLength = this.#startupLength === 0;
    const next = this.#startup.take(piece, at, isLength ? 4 : this.#startupLength);
    if (!this.#startup.isWhole) return next;
    const { bytes, start } = this.#startup;
    if (isLength) {
      const length = bytes.readUInt32BE(start);
      if (length < 8 || length > largestStartup)
        throw new NotUnderstood('no Postgres protocol, version 3, from its beginning');
      this.#startupLength = length - 4;
      return next;
    }
    const event = readStartup({ bytes, start, end: start + this.#startupLength });
    this.#startupLength = 0;
    if (event.kind === 'encryption-asked') this.#asked += 1;
    else this.#isStarted = true;
    events.push(event);
    return next;
  }

  #readAnswer(piece: Buffer, at: number): number {
    // An error, as of a server that does not know the question.
    if (piece[at] === 0x45) {
      this.#asked = 0;
      return at;
    }
    if (piece[at] !== 0x4e) throw new NotUnderstood('an encrypted connection');
    this.#asked -= 1;
    return at + 1;
  }
}

function add(events: PostgresEvent[], event: PostgresEvent | undefined): void {
  if (event) events.push(event);
}
