import { AmqpReader } from '../amqp/amqp-reader.ts';
import type { FactSink } from '../flow/tap-fact.ts';
import type { TapConnectionReading } from '../flow/tap-reading.ts';
import { PostgresReader } from '../postgres/postgres-reader.ts';
import { AmqpState } from '../state/amqp-state.ts';
import { PostgresState } from '../state/postgres-state.ts';
import type { Refusal } from '../state/refusals.ts';
import type { TapConnectionSight } from '../state/tap-sight.ts';

export interface TappedReports {
  onRefusal(refusal: Refusal): void;
  /** Said once of a connection. */
  onNotUnderstood(why: string): void;
  /** Hears what the worker did over it. */
  readonly sink: FactSink;
}

/** Reads along one connection, and knows how it stands. */
export interface TappedConnection {
  fromClient(piece: Buffer): void;
  fromServer(piece: Buffer): void;
  /** It is closed. */
  end(): void;
  sight(nowMs: number): Pick<TapConnectionSight, 'amqp' | 'postgres' | 'notUnderstood'>;
  /** @param toMachineMs of `performance.now()` in this thread */
  reading(
    toMachineMs: (ms: number) => number,
  ): Pick<TapConnectionReading, 'amqp' | 'postgres' | 'notUnderstood'>;
}

export function tappedConnection(protocol: 'amqp' | 'postgres', reports: TappedReports): TappedConnection {
  switch (protocol) {
    case 'amqp':
      return tappedAmqp(reports);
    case 'postgres':
      return tappedPostgres(reports);
    default:
      return protocol satisfies never;
  }
}

function tappedAmqp({ onRefusal, onNotUnderstood, sink }: TappedReports): TappedConnection {
  const readers = { client: new AmqpReader('client'), server: new AmqpReader('server') };
  const state = new AmqpState(sink);
  let notUnderstood: string | undefined;
  const read = (side: 'client' | 'server', piece: Buffer) => {
    if (notUnderstood !== undefined) return;
    const nowMs = performance.now();
    for (const event of readers[side].read(piece)) {
      const refusal = state.apply(event, nowMs);
      if (refusal) onRefusal(refusal);
      if (event.kind !== 'not-understood') continue;
      notUnderstood = event.why;
      // What it knew is not true for long.
      state.end(nowMs);
      onNotUnderstood(event.why);
    }
  };
  return {
    fromClient: piece => read('client', piece),
    fromServer: piece => read('server', piece),
    end: () => state.end(performance.now()),
    sight: nowMs => ({
      amqp: state.sight(nowMs),
      ...(notUnderstood === undefined ? {} : { notUnderstood }),
    }),
    reading: toMachineMs => ({
      amqp: state.reading(toMachineMs),
      ...(notUnderstood === undefined ? {} : { notUnderstood }),
    }),
  };
}

function tappedPostgres({ onRefusal, onNotUnderstood, sink }: TappedReports): TappedConnection {
  const reader = new PostgresReader();
  const state = new PostgresState(sink);
  let notUnderstood: string | undefined;
  const note = (events: ReturnType<PostgresReader['fromClient']>) => {
    if (events.length === 0) return;
    const nowMs = performance.now();
    for (const event of events) {
      const refusal = state.apply(event, nowMs);
      if (refusal) onRefusal(refusal);
      if (event.kind !== 'not-understood') continue;
      notUnderstood = event.why;
      state.end(nowMs);
      onNotUnderstood(event.why);
    }
  };
  return {
    fromClient: piece => note(reader.fromClient(piece)),
    fromServer: piece => note(reader.fromServer(piece)),
    end: () => state.end(performance.now()),
    sight: () => ({ postgres: state.sight(), ...(notUnderstood === undefined ? {} : { notUnderstood }) }),
    reading: toMachineMs => ({
      postgres: state.reading(toMachineMs),
      ...(notUnderstood === undefined ? {} : { notUnderstood }),
    }),
  };
}
