import type { BrokerConnection } from '../broker-connection.ts';

/** No broker has it, so nothing is ever made of the question. */
const noType = 'live-worker-asks';

/**
 * The type of a queue that is there: `classic`, `quorum`, `stream`. A broker compares a declare with what there is, and says
 * in its refusal what that is. Undefined where it says nothing of the kind, as to a user without configure permission.
 *
 * Source: RabbitMQ manual, "Queues", property equivalence.
 */
export async function askQueueType(connection: BrokerConnection, queue: string): Promise<string | undefined> {
  try {
    const declare = { durable: true, arguments: { 'x-queue-type': noType } };
    await connection.inTurn('type', channel => channel.assertQueue(queue, declare));
    return undefined;
  } catch (error) {
    const { message } = error as { readonly message?: string };
    const [, type] = /inequivalent arg 'x-queue-type' .* current is '(\w+)'/.exec(message ?? '') ?? [];
    return type ?? (/inequivalent arg/.test(message ?? '') ? 'classic' : undefined);
  }
}
