import { AmqpReader } from '../amqp/amqp-reader.ts';
import { PostgresReader } from '../postgres/postgres-reader.ts';
import { AmqpState } from '../state/amqp-state.ts';
import { PostgresState } from '../state/postgres-state.ts';
import type { Refusal } from '../state/refusals.ts';
import type { TapConnectionSight } from '../state/tap-sight.ts';

export interface TappedReports {
  onRefusal(refusal: Refusal): void;
  /** Said once of a connection. */
  onNotUnderstood(why: string): void;
}

/** Reads along one connection, and knows how it stands. */
export interface TappedConnection {
  fromClient(piece: Buffer): void;
  fromServer(piece: Buffer): void;
  sight(nowMs: number): Pick<TapConnectionSight, 'amqp' | 'postgres' | 'notUnderstood'>;
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

function tappedAmqp({ onRefusal, onNotUnderstood }: TappedReports): TappedConnection {
  const readers = { client: new AmqpReader('client'), server: new AmqpReader('server') };
  const state = new AmqpState();
  let notUnderstood: string | undefined;
  const read = (side: 'client' | 'server', piece: Buffer) => {
    if (notUnderstood !== undefined) return;
    for (const event of readers[side].read(piece)) {
      const refusal = state.apply(event, performance.now());
      if (refusal) onRefusal(refusal);
      if (event.kind !== 'not-understood') continue;
      notUnderstood = event.why;
      // What it knew is not true for long.
      state.end();
      onNotUnderstood(event.why);
    }
  };
  return {
    fromClient: piece => read('client', piece),
    fromServer: piece => read('server', piece),
    sight: nowMs => ({
      amqp: state.sight(nowMs),
      ...(notUnderstood === undefined ? {} : { notUnderstood }),
    }),
  };
}

function tappedPostgres({ onRefusal, onNotUnderstood }: TappedReports): TappedConnection {
  const reader = new PostgresReader();
  const state = new PostgresState();
  let notUnderstood: string | undefined;
  const note = (events: ReturnType<PostgresReader['fromClient']>) => {
    for (const event of events) {
      const refusal = state.apply(event);
      if (refusal) onRefusal(refusal);
      if (event.kind !== 'not-understood') continue;
      notUnderstood = event.why;
      onNotUnderstood(event.why);
    }
  };
  return {
    fromClient: piece => note(reader.fromClient(piece)),
    fromServer: piece => note(reader.fromServer(piece)),
    sight: () => ({ postgres: state.sight(), ...(notUnderstood === undefined ? {} : { notUnderstood }) }),
  };
}
