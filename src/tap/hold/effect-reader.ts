import type { AmqpEvent, Side } from '../amqp/amqp-event.ts';
import type { PostgresEvent } from '../postgres/postgres-event.ts';
import type { Answer, Effect } from './effect.ts';
import type { Unit, UnitLayout } from './unit-cutter.ts';

/** What the units of one connection bring about. */
export interface EffectReader {
  readonly layout: UnitLayout;
  /** The directions in which something is decided by units. */
  readonly sides: readonly Side[];
  /** What a unit that is about to pass begins. */
  begin(side: Side, unit: Unit): Effect | undefined;
  /** What a unit that has passed completes. */
  complete(side: Side, unit: Unit): Effect | undefined;
  /** Whether an event of the service is what an effect waits for. */
  judge(answer: Answer, event: AmqpEvent | PostgresEvent): 'taken' | 'refused' | undefined;
  /** What was not acknowledged, and which transactions are open. */
  inFlight(): InFlight;
}

/** What a crash leaves undone. */
export interface InFlight {
  readonly messages: readonly Effect[];
  /** Each by its statements that write. */
  readonly transactions: readonly (readonly string[])[];
}
