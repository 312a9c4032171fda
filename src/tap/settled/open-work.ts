import type { TapConnectionReading } from '../flow/tap-reading.ts';
import type { CountedEntries } from './counted-entries.ts';
import { dueOf, isHeldBack } from './held-back.ts';
import type { TrafficFilter } from './traffic-filter.ts';
import type { Delayed, Unsettled } from './unsettled.ts';

/** The process that holds the worker's end of a connection. */
export type PidOf = (connection: TapConnectionReading) => number | undefined;

export interface OpenWorkTerms {
  readonly worker: string;
  readonly filter: TrafficFilter;
  readonly counted: CountedEntries;
  /** By the clock of the machine. */
  readonly nowMs: number;
  readonly pidOf: PidOf;
}

/** What is not over on a connection, what waits for its time apart. */
export function openWork(connection: TapConnectionReading, terms: OpenWorkTerms): readonly Unsettled[] {
  return [...openDeliveries(connection, terms), ...openStatements(connection, terms)];
}

/** What the worker was sent and holds until its time. */
export function heldBack(
  { amqp }: TapConnectionReading,
  { filter, nowMs }: Pick<OpenWorkTerms, 'filter' | 'nowMs'>,
): readonly Delayed[] {
  const held = (amqp?.deliveries ?? []).filter(
    delivery => !filter.ignoresQueue(delivery.queue) && isHeldBack(delivery, nowMs),
  );
  return held.map(({ queue, properties }) => {
    const name = properties.task ?? properties.messageId;
    const which = name === undefined ? 'a message' : `"${name}"`;
    return {
      kind: 'delayed',
      what: `${which} of queue "${queue}", which the worker holds until its time`,
      dueMs: dueOf(properties),
    };
  });
}

function openDeliveries(
  connection: TapConnectionReading,
  { worker, filter, nowMs, pidOf }: OpenWorkTerms,
): readonly Unsettled[] {
  const open = (connection.amqp?.deliveries ?? []).filter(
    delivery => !filter.ignoresQueue(delivery.queue) && !isHeldBack(delivery, nowMs),
  );
  if (open.length === 0) return [];
  const pid = pidOf(connection);
  return open.map(({ queue, properties, atMs }) => ({
    kind: 'delivery',
    worker,
    pid,
    queue,
    messageId: properties.messageId ?? properties.correlationId,
    sinceMs: atMs,
  }));
}

function openStatements(
  connection: TapConnectionReading,
  { worker, counted, pidOf }: OpenWorkTerms,
): readonly Unsettled[] {
  const { statement, transaction } = connection.postgres ?? {};
  const running = statement && counted.isUnderWay(statement) ? [statement] : [];
  const open = transaction && counted.isOpen(transaction) ? [transaction] : [];
  if (running.length === 0 && open.length === 0) return [];
  const pid = pidOf(connection);
  return [
    ...running.map(({ sql, startedMs }) => ({
      kind: 'statement' as const,
      worker,
      pid,
      sinceMs: startedMs,
      sql,
    })),
    ...open.map(({ startedMs, state, lastSql }) => ({
      kind: 'transaction' as const,
      worker,
      pid,
      sinceMs: startedMs,
      isFailed: state === 'failed',
      lastSql,
    })),
  ];
}
