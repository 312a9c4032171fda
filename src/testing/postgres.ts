import { LiveWorkerError } from '../errors.ts';
import type { PostgresOperations, QueryResult, ServiceChoice, SessionBridge } from '../session/contract.ts';
import { databaseFaults } from './crash/service-faults.ts';
import { notificationListener } from './notification-listener.ts';
import type { PostgresHandle, TableCopy } from './postgres-handle.ts';
import { runTransaction } from './run-transaction.ts';
import { openService, type ServiceCall } from './service-calls.ts';
import { sessionBridge } from './session-bridge.ts';
import { errorOfPause, framesAbove, rebuildWith, unpackFramed, unpackLater, withFrames } from './unpack.ts';

const intervalMs = 20;

/**
 * The database of this file's workers: the one the first `postgres` probe is about, that of `worker`, or the one at `url`.
 *
 * @throws ENV_MISSING when no worker names one; NOT_IN_ENVIRONMENT
 */
export function postgres(choice: ServiceChoice = {}): PostgresHandle {
  const bridge = sessionBridge();
  const { url, call } = openService<PostgresOperations>('postgres', choice, postgres);
  const handle: PostgresHandle = {
    url,
    fault: databaseFaults(bridge, { kind: 'postgres', url, choice }),
    query<Row>(text: string, values: readonly unknown[] = []) {
      return unpackLater(call('query', text, values), handle.query) as Promise<QueryResult<Row>>;
    },
    waitForRow<Row>(text: string, values: readonly unknown[] = [], options = {}) {
      const frames = framesAbove(handle.waitForRow);
      return untilRow(bridge, { call, text, values, frames, intervalMs, ...options }) as Promise<Row>;
    },
    async listen(channel) {
      const number = await unpackLater(call('listen', channel), handle.listen);
      return notificationListener(bridge, call, number);
    },
    transaction(work) {
      return runTransaction(bridge, { call, work, frames: framesAbove(handle.transaction) });
    },
    copyTable<Row>(table: string, options = {}) {
      return unpackLater(call('copyTable', table, options), handle.copyTable) as Promise<TableCopy<Row>>;
    },
    async sameRows(copy, after) {
      await unpackLater(call('sameRows', copy?.image, after?.image), handle.sameRows);
    },
  };
  return handle;
}

interface RowWait {
  readonly call: ServiceCall<PostgresOperations>;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly frames: string;
  readonly intervalMs: number;
  readonly timeoutMs?: number;
}

async function untilRow(
  bridge: SessionBridge,
  { call, text, values, frames, ...wait }: RowWait,
): Promise<unknown> {
  const startedAt = bridge.now();
  const timeoutMs = wait.timeoutMs ?? bridge.timeLeftMs();
  const scope = bridge.waitScope();
  for (let attempts = 1; ; attempts += 1) {
    const leftMs = timeoutMs - (bridge.now() - startedAt);
    const { rows } = await unpackFramed(call('query', text, values, { timeoutMs: leftMs }), frames);
    if (rows.length > 0) return rows[0];
    const waitedMs = bridge.now() - startedAt;
    if (waitedMs + wait.intervalMs > timeoutMs)
      throw withFrames(noRow(text, values, { waitedMs, attempts }), frames);
    const over = await errorOfPause(bridge.pause(wait.intervalMs, scope));
    if (over) throw rebuildWith(over, frames);
  }
}

/** Some values have no JSON, such as a BigInt. */
function describeValues(values: readonly unknown[]): string {
  try {
    return JSON.stringify(values);
  } catch {
    return values.map(String).join(', ');
  }
}

function noRow(
  text: string,
  values: readonly unknown[],
  { waitedMs, attempts }: { readonly waitedMs: number; readonly attempts: number },
): LiveWorkerError {
  const lines = [
    `The query answered no row within ${Math.round(waitedMs)} ms (${attempts} attempts)`,
    `query:  ${text.trim()}`,
    ...(values.length > 0 ? [`values: ${describeValues(values)}`] : []),
  ];
  return new LiveWorkerError('WAIT_TIMEOUT', lines.join('\n'), { details: { query: text, attempts } });
}
