import type { AmqpEvent, Side } from '../amqp/amqp-event.ts';
import { AmqpReader } from '../amqp/amqp-reader.ts';
import type { FactSink } from '../flow/tap-fact.ts';
import type { TapConnectionReading } from '../flow/tap-reading.ts';
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
  /** Hears what the worker did over it. */
  readonly sink: FactSink;
}

/** Reads along one connection, and knows how it stands. */
export interface TappedConnection {
  readonly effects: EffectReader;
  /** Nothing of it is read any more. */
  readonly isPipe: boolean;
  from(side: Side, piece: Buffer): void;
  /** How many octets of a side may pass before a frame or message begins, at the least; 0 where one begins with the next. */
  stepOf(side: Side): number;
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

function tappedAmqp({ onRefusal, onNotUnderstood, onEvent, sink }: TappedReports): TappedConnection {
  const readers = { client: new AmqpReader('client'), server: new AmqpReader('server') };
  const state = new AmqpState(sink);
  const effects = new AmqpEffects(state);
  let notUnderstood: string | undefined;
  const understood = () => (notUnderstood === undefined ? {} : { notUnderstood });
  return {
    effects,
    get isPipe() {
      return notUnderstood !== undefined;
    },
    from(side, piece) {
      if (notUnderstood !== undefined) return;
      const nowMs = performance.now();
      for (const event of readers[side].read(piece)) {
        const refusal = state.apply(event, nowMs);
        effects.apply(event);
        if (refusal) onRefusal(refusal);
        onEvent(event);
        if (event.kind !== 'not-understood') continue;
        notUnderstood = event.why;
        // What it knew is not true for long.
        state.end(nowMs);
        onNotUnderstood(event.why);
      }
    },
    stepOf: side => readers[side].step,
    end: () => state.end(performance.now()),
    sight: nowMs => ({ amqp: state.sight(nowMs), ...understood() }),
    reading: toMachineMs => ({ amqp: state.reading(toMachineMs), ...understood() }),
  };
}

function tappedPostgres({ onRefusal, onNotUnderstood, onEvent, sink }: TappedReports): TappedConnection {
  const reader = new PostgresReader();
  const state = new PostgresState(sink);
  const effects = new PostgresEffects(state);
  let notUnderstood: string | undefined;
  const understood = () => (notUnderstood === undefined ? {} : { notUnderstood });
  return {
    effects,
    get isPipe() {
      return notUnderstood !== undefined;
    },
    from(side, piece) {
      const events = side === 'client' ? reader.fromClient(piece) : reader.fromServer(piece);
      if (events.length === 0) return;
      const nowMs = performance.now();
      for (const event of events) {
        const refusal = state.apply(event, nowMs);
        effects.apply(event);
        if (refusal) onRefusal(refusal);
        onEvent(event);
        if (event.kind !== 'not-understood') continue;
        notUnderstood = event.why;
        state.end(nowMs);
        onNotUnderstood(event.why);
      }
    },
    // Of a server nothing is kept back.
    stepOf: side => (side === 'client' ? reader.clientStep : 1),
    end: () => state.end(performance.now()),
    sight: () => ({ postgres: state.sight(), ...understood() }),
    reading: toMachineMs => ({ postgres: state.reading(toMachineMs), ...understood() }),
  };
}
