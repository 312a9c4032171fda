import { LiveWorkerError } from '../../errors.ts';
import { describeBroker } from '../../probe/rabbitmq/broker-address.ts';
import type { BrokerConnection } from '../../probe/rabbitmq/broker-connection.ts';

/** The least there is for an answer, in milliseconds: a healthy broker takes one or two. */
const leastMs = 100;

export interface Asked {
  /** As it stands behind "Cannot": `publish to queue "default"`. */
  readonly what: string;
  readonly limitMs: number;
}

/** What `work` comes to, or an error of ours while the test still has time to fail with it. @throws WAIT_TIMEOUT */
export async function inTime<T>(
  connection: BrokerConnection,
  { what, limitMs }: Asked,
  work: Promise<T>,
): Promise<T> {
  const ms = Math.round(Math.max(leastMs, limitMs));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notAnswered(connection, what, ms)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function notAnswered(connection: BrokerConnection, what: string, ms: number): LiveWorkerError {
  const broker = describeBroker(connection.address);
  const { blockedBecause } = connection;
  const lines =
    blockedBecause === undefined
      ? [
          `${broker} did not answer within ${ms} ms`,
          'Is it paused, overloaded, or far away? docker ps and its log tell',
        ]
      : [
          `${broker} did not answer within ${ms} ms: it takes nothing from connections that publish, because of an alarm: ${blockedBecause}`,
          'Free memory or disk on its machine: rabbitmq-diagnostics alarms lists what is too little',
        ];
  return new LiveWorkerError('WAIT_TIMEOUT', `Cannot ${what}: ${lines.join('\n')}`, {
    details: { broker, blockedBecause: blockedBecause ?? null },
  });
}
