import type { AmqpEvent, Side } from '../amqp/amqp-event.ts';
import { AmqpReader } from '../amqp/amqp-reader.ts';
import { AmqpEffects } from '../hold/amqp-effects.ts';
import type { EffectReader } from '../hold/effect-reader.ts';
import { PostgresEffects } from '../hold/postgres-effects.ts';
import type { PostgresEvent } from '../postgres/postgres-event.ts';
import { PostgresReader } from '../postgres/postgres-reader.ts';
import { AmqpState } from '../state/amqp-state.ts';
import { PostgresState } from '../state/postgres-state.ts';
import type { Refusal } from '../state/refusals.ts';
import type { TapConnectionSight } from '../state/tap-sight.ts';

export interface TappedReports {
  onRefusal(refusal: Refusal): void;
  /** Said once of a connection. */
  onNotUnderstood(why: string): void;
  /** Each, when it counts. */
  onEvent(event: AmqpEvent | PostgresEvent): void;
}

/** Reads along one connection, and knows how it stands. */
export interface TappedConnection {
  readonly effects: EffectReader;
  /** Nothing of it is read any more. */
  readonly isPipe: boolean;
  from(side: Side, piece: Buffer): void;
  /** How many octets of a side may pass before a frame or message begins, at the least; 0 where one begins with the next. */
  stepOf(side: Side): number;
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

function tappedAmqp({ onRefusal, onNotUnderstood, onEvent }: TappedReports): TappedConnection {
  const readers = { client: new AmqpReader('client'), server: new AmqpReader('server') };
  const state = new AmqpState();
  const effects = new AmqpEffects(state);
  let notUnderstood: string | undefined;
  return {
    effects,
    get isPipe() {
      return notUnderstood !== undefined;
    },
    from(side, piece) {
      if (notUnderstood !== undefined) return;
      for (const event of readers[side].read(piece)) {
        const refusal = state.apply(event, performance.now());
        effects.apply(event);
        if (refusal) onRefusal(refusal);
        onEvent(event);
        if (event.kind !== 'not-understood') continue;
        notUnderstood = event.why;
        // What it knew is not true for long.
        state.end();
        onNotUnderstood(event.why);
      }
    },
    stepOf: side => readers[side].step,
    sight: nowMs => ({
      amqp: state.sight(nowMs),
      ...(notUnderstood === undefined ? {} : { notUnderstood }),
    }),
  };
}

function tappedPostgres({ onRefusal, onNotUnderstood, onEvent }: TappedReports): TappedConnection {
  const reader = new PostgresReader();
  const state = new PostgresState();
  const effects = new PostgresEffects(state);
  let notUnderstood: string | undefined;
  return {
    effects,
    get isPipe() {
      return notUnderstood !== undefined;
    },
    from(side, piece) {
      const events = side === 'client' ? reader.fromClient(piece) : reader.fromServer(piece);
      for (const event of events) {
        const refusal = state.apply(event);
        effects.apply(event);
        if (refusal) onRefusal(refusal);
        onEvent(event);
        if (event.kind !== 'not-understood') continue;
        notUnderstood = event.why;
        onNotUnderstood(event.why);
      }
    },
    // Of a server nothing is kept back.
    stepOf: side => (side === 'client' ? reader.clientStep : 1),
    sight: () => ({ postgres: state.sight(), ...(notUnderstood === undefined ? {} : { notUnderstood }) }),
  };
}
