import type { PostgresEvent, TransactionState } from '../postgres/postgres-event.ts';
import type { Refusal } from './refusals.ts';
import type { PostgresSight } from './tap-sight.ts';

/** Names of statements and portals, and statements under way, that are kept of a connection. */
const mostKept = 1_000;

/** Ends what one `ready` of the server answers. */
interface Boundary {
  readonly kind: 'query' | 'execute' | 'sync';
  readonly sql: string;
}

/** What follows from the events of one Postgres connection of a worker. */
export class PostgresState {
  readonly #statements = new Map<string, string>();
  readonly #portals = new Map<string, string>();
  /** Sent and not answered, in order: a server answers in order. */
  readonly #pending: Boundary[] = [];
  #lastParsed = '';
  #user: string | undefined;
  #database: string | undefined;
  #isOpen = false;
  #backend: number | undefined;
  #transaction: TransactionState = 'idle';

  /** @returns what the server refused by this event, if it did */
  apply(event: PostgresEvent): Refusal | undefined {
    switch (event.kind) {
      case 'startup':
        this.#user = event.user;
        this.#database = event.database;
        break;
      case 'authenticated':
        this.#isOpen = true;
        break;
      case 'backend':
        this.#backend = event.pid;
        break;
      case 'query':
        this.#expect({ kind: 'query', sql: event.sql });
        break;
      case 'parse':
        this.#lastParsed = event.sql;
        remember(this.#statements, event.statement, event.sql);
        break;
      case 'bind':
        remember(this.#portals, event.portal, this.#statements.get(event.statement) ?? '');
        break;
      case 'execute':
        this.#expect({ kind: 'execute', sql: this.statementOf(event.portal) });
        break;
      case 'closed':
        (event.what === 'statement' ? this.#statements : this.#portals).delete(event.name);
        break;
      case 'sync':
        this.#expect({ kind: 'sync', sql: '' });
        break;
      case 'complete':
        if (this.#pending[0]?.kind === 'execute') this.#pending.shift();
        break;
      case 'ready':
        this.#transaction = event.state;
        this.#answered();
        break;
      case 'error':
        return this.#refusal(event);
      case 'encryption-asked':
      case 'cancel':
      case 'copy':
      case 'copy-end':
      case 'notification':
      case 'terminate':
      case 'not-understood':
        break;
      default:
        event satisfies never;
    }
    return undefined;
  }

  sight(): PostgresSight {
    return {
      user: this.#user,
      database: this.#database,
      isOpen: this.#isOpen,
      backend: this.#backend,
      transaction: this.#transaction,
      isBusy: this.#pending.length > 0,
    };
  }

  /** That an Execute of this portal runs; empty where it is not known. */
  statementOf(portal: string): string {
    return this.#portals.get(portal) ?? '';
  }

  #expect(boundary: Boundary): void {
    if (this.#pending.length < mostKept) this.#pending.push(boundary);
  }

  /** All up to the query or Sync that this `ready` answers; what an error made the server skip is among it. */
  #answered(): void {
    const end = this.#pending.findIndex(({ kind }) => kind !== 'execute');
    this.#pending.splice(0, end + 1);
  }

  #refusal({ severity, sqlState, message }: Extract<PostgresEvent, { readonly kind: 'error' }>): Refusal {
    const [first] = this.#pending;
    const statement = first && first.kind !== 'sync' ? first.sql : this.#lastParsed;
    const isFinal = severity === 'FATAL' || severity === 'PANIC';
    return {
      code: sqlState,
      text: message,
      ...(statement !== '' && !isFinal ? { statement } : {}),
      isFinal,
    };
  }
}

function remember(names: Map<string, string>, name: string, sql: string): void {
  if (names.size < mostKept || names.has(name)) names.set(name, sql);
}
