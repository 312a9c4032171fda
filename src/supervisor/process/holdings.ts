/** What a supervisor holds for its run, and how it lets go of it. */
export interface Holdings {
  /** Resolves when nothing of it is alive, with what went wrong. */
  stop(order: StopOrder): Promise<readonly unknown[]>;
}

export type StopOrder =
  /** Each worker has the grace of its own options. */
  | { readonly kind: 'orderly' }
  /** The run was killed: no test waits for a worker any more. */
  | { readonly kind: 'soon'; readonly graceMs: number };
