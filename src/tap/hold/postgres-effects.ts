import type { Side } from '../amqp/amqp-event.ts';
import type { PostgresEvent } from '../postgres/postgres-event.ts';
import { clientTags, readClientMessage } from '../postgres/read-client-message.ts';
import type { PostgresState } from '../state/postgres-state.ts';
import type { Answer, Effect } from './effect.ts';
import type { EffectReader, InFlight } from './effect-reader.ts';
import { afterQuery, noTransaction, type SentTransaction } from './sent-transaction.ts';
import { shapeOf, statementsOf } from './statement.ts';
import type { Unit } from './unit-cutter.ts';
import { postgresLayout } from './unit-layouts.ts';

const headSize = 5;

/** What is committed on one Postgres connection: by COMMIT, or by a statement that writes outside of a transaction. */
export class PostgresEffects implements EffectReader {
  readonly layout = postgresLayout;
  readonly sides = ['client'] as const;
  readonly #state: PostgresState;
  #transaction: SentTransaction = noTransaction;
  /** Asked for and told: that the server is ready. */
  #readies = { asked: 0, told: 0 };
  #isFailed = false;
  /** A simple query waits for the rows it copies. */
  #copy: string | undefined;
  /** The message whose end has not passed. */
  #current: { readonly kind: PostgresEvent['kind']; readonly effect: Effect | undefined } | undefined;
  /** Committed by a message that is answered when Sync is. */
  #untilSync: Effect | undefined;

  constructor(state: PostgresState) {
    this.#state = state;
  }

  /** Of every event, behind the state. */
  apply(event: PostgresEvent): void {
    switch (event.kind) {
      case 'startup':
        this.#readies.asked += 1;
        break;
      case 'query':
        this.#readies.asked += 1;
        this.#transaction = afterQuery(this.#transaction, event.sql);
        this.#copy = statementsOf(event.sql).find(({ kind }) => kind === 'copy-in')?.sql;
        break;
      case 'execute':
        this.#transaction = afterQuery(this.#transaction, this.#state.statementOf(event.portal), {
          isUntilSync: true,
        });
        break;
      case 'sync':
        this.#readies.asked += 1;
        this.#transaction = { ...this.#transaction, implicit: [] };
        break;
      case 'copy-end':
        if (event.by === 'client') this.#copy = undefined;
        break;
      case 'error':
        this.#isFailed ||= this.#transaction.isOpen;
        break;
      case 'ready':
        this.#readies.told += 1;
        if (this.#readies.told === this.#readies.asked) this.#agree(event.state);
        break;
      default:
    }
  }

  begin(_: Side, { bytes, isFirst }: Unit): Effect | undefined {
    if (!isFirst) return undefined;
    const tag = String.fromCharCode(bytes[0] as number);
    const event = clientTags.has(tag)
      ? readClientMessage(tag, { bytes, start: headSize, end: bytes.length })
      : undefined;
    const effect = event && this.#effectOf(event);
    this.#current = event && { kind: event.kind, effect };
    return effect;
  }

  complete(_: Side, { isLast }: Unit): Effect | undefined {
    const current = this.#current;
    if (!current || !isLast) return undefined;
    this.#current = undefined;
    if (current.kind === 'execute') {
      this.#untilSync ??= current.effect;
      return undefined;
    }
    const effect = current.kind === 'sync' ? (this.#untilSync ?? current.effect) : current.effect;
    if (current.kind === 'sync') this.#untilSync = undefined;
    return effect;
  }

  judge(answer: Answer, event: PostgresEvent): 'taken' | 'refused' | undefined {
    if (answer.kind !== 'ready') return undefined;
    const isItsTurn = this.#readies.told === answer.count - 1;
    if (event.kind === 'error' && isItsTurn) return 'refused';
    if (event.kind === 'complete' && isItsTurn && event.tag === 'ROLLBACK') return 'refused';
    if (event.kind !== 'ready' || this.#readies.told < answer.count) return undefined;
    return event.state === 'idle' ? 'taken' : 'refused';
  }

  inFlight(): InFlight {
    const { isOpen, statements, implicit } = this.#transaction;
    const open = [...statements, ...implicit];
    return { messages: [], transactions: isOpen || open.length > 0 ? [open.map(shapeOf)] : [] };
  }

  #effectOf(event: PostgresEvent): Effect | undefined {
    const { isOpen, implicit } = this.#transaction;
    const count = this.#readies.asked + 1;
    switch (event.kind) {
      case 'query':
        return this.#committed(afterQuery(this.#transaction, event.sql), count);
      case 'execute': {
        const sql = this.#state.statementOf(event.portal);
        return this.#committed(afterQuery(this.#transaction, sql, { isUntilSync: true }), count);
      }
      case 'sync':
        return !isOpen && implicit.length > 0 ? commit(implicit, count) : undefined;
      case 'copy-end': {
        const isOwn = event.by === 'client' && !event.isFailed && this.#copy !== undefined;
        return isOwn && !isOpen ? commit([this.#copy as string], count - 1) : undefined;
      }
      default:
        return undefined;
    }
  }

  #committed({ committed }: SentTransaction, count: number): Effect | undefined {
    // A COMMIT of what has failed is a ROLLBACK.
    return committed && !this.#isFailed ? commit(committed, count) : undefined;
  }

  /** Nothing is under way: the server knows best. */
  #agree(state: 'idle' | 'open' | 'failed'): void {
    const isOpen = state !== 'idle';
    this.#isFailed = state === 'failed';
    this.#transaction = isOpen ? { ...this.#transaction, isOpen, committed: undefined } : noTransaction;
  }
}

function commit(statements: readonly string[], count: number): Effect {
  return { kind: 'commit', statements, answer: { kind: 'ready', count } };
}
