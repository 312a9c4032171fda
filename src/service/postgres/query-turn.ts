import type { Client } from 'pg';

/** Who asks a query, and until when. */
export interface QueryTerms {
  /** As messages name it: `test "stores a row"`. */
  readonly asker?: string;
  /** Ends it: it gives up its place, or is cancelled on the server. The reason is what it rejects with. */
  readonly signal?: AbortSignal;
  /** True when its test is over: it is ended as soon as other queries wait behind it. */
  readonly isForsaken?: () => boolean;
}

/** A query on its way through the one connection: it waits, it runs, it is over. */
export class QueryTurn {
  readonly text: string;
  readonly terms: QueryTerms;
  /** Rejects when the turn is ended before there was an answer. */
  readonly ended: Promise<never>;
  readonly #ending = new AbortController();
  readonly #settled = new AbortController();
  #running: { readonly client: Client; readonly sinceMs: number } | undefined;

  constructor(text: string, terms: QueryTerms) {
    this.text = text;
    this.terms = terms;
    const { signal } = this.#ending;
    this.ended = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    this.ended.catch(() => {});
    if (terms.signal?.aborted) this.end(terms.signal.reason);
    terms.signal?.addEventListener('abort', () => this.end(terms.signal?.reason), {
      signal: this.#settled.signal,
    });
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  get running(): { readonly client: Client; readonly sinceMs: number } | undefined {
    return this.#running;
  }

  begin(client: Client): void {
    this.#running = { client, sinceMs: performance.now() };
  }

  end(reason: unknown): void {
    this.#ending.abort(reason);
  }

  /** Nothing is left to be ended. */
  settle(): void {
    this.#settled.abort();
  }
}
