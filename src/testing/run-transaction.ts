import { argumentInvalid, LiveWorkerError } from '../errors.ts';
import type { PostgresOperations, QueryResult, SessionBridge, Timer } from '../session/contract.ts';
import type { PostgresTransaction } from './postgres-handle.ts';
import type { ServiceCall } from './service-calls.ts';
import { errorOfPause, rebuildWith, unpackFramed, unpackLater, withFrames } from './unpack.ts';

/** A query that does not end says why, so it is the first to give up; milliseconds. */
const afterQueriesMs = 100;

interface TransactionTerms<T> {
  readonly call: ServiceCall<PostgresOperations>;
  readonly work: (transaction: PostgresTransaction) => T | Promise<T>;
  /** Of the test. */
  readonly frames: string;
}

/** Committed when `work` resolves; rolled back when it throws, or does not end while the test has time. */
export async function runTransaction<T>(
  bridge: SessionBridge,
  { call, work, frames }: TransactionTerms<T>,
): Promise<T> {
  if (typeof work !== 'function')
    throw withFrames(argumentInvalid('transaction(): work', work, 'a function'), frames);
  const limitMs = bridge.timeLeftMs() + afterQueriesMs;
  const end = bridge.timer(limitMs, bridge.waitScope());
  try {
    const number = await unpackFramed(call('begin'), frames);
    try {
      const over = endOf(end, { limitMs, frames });
      const value = await Promise.race([work(transactionOf(call, number)), over]);
      await unpackFramed(call('commit', number), frames);
      return value;
    } catch (error) {
      await call('rollBack', number);
      throw error;
    }
  } finally {
    end.stop();
  }
}

function transactionOf(call: ServiceCall<PostgresOperations>, number: number): PostgresTransaction {
  const transaction: PostgresTransaction = {
    query<Row>(text: string, values: readonly unknown[] = []) {
      return unpackLater(call('queryIn', number, text, values), transaction.query) as Promise<
        QueryResult<Row>
      >;
    },
  };
  return transaction;
}

async function endOf(
  { over }: Timer,
  { limitMs, frames }: { readonly limitMs: number; readonly frames: string },
): Promise<never> {
  const error = await errorOfPause(over);
  if (error) throw rebuildWith(error, frames);
  throw withFrames(
    new LiveWorkerError(
      'WAIT_TIMEOUT',
      `The work of the transaction did not end within ${Math.round(limitMs)} ms: it is rolled back`,
    ),
    frames,
  );
}
