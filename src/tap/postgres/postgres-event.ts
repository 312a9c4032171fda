import type { NotUnderstoodEvent } from '../not-understood.ts';

/** How the session stands when the server waits for the next query. */
export type TransactionState = 'idle' | 'open' | 'failed';

/** What a connection of the Postgres protocol, version 3, carried, without rows and parameters. */
export type PostgresEvent =
  | { readonly kind: 'encryption-asked'; readonly by: 'ssl' | 'gss' }
  | { readonly kind: 'cancel'; readonly pid: number }
  | { readonly kind: 'startup'; readonly user: string | undefined; readonly database: string | undefined }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'backend'; readonly pid: number }
  | { readonly kind: 'query'; readonly sql: string }
  | { readonly kind: 'parse'; readonly statement: string; readonly sql: string }
  | { readonly kind: 'bind'; readonly portal: string; readonly statement: string }
  | { readonly kind: 'execute'; readonly portal: string }
  | { readonly kind: 'closed'; readonly what: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'sync' }
  | { readonly kind: 'complete'; readonly tag: string }
  | { readonly kind: 'ready'; readonly state: TransactionState }
  | {
      readonly kind: 'error';
      readonly severity: string;
      readonly sqlState: string;
      readonly message: string;
    }
  | { readonly kind: 'copy'; readonly direction: 'in' | 'out' | 'both' }
  | { readonly kind: 'copy-end'; readonly by: 'client' | 'server'; readonly isFailed: boolean }
  | { readonly kind: 'notification'; readonly pid: number; readonly channel: string }
  | { readonly kind: 'terminate' }
  | NotUnderstoodEvent;
