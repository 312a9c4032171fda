import type { BrokerConnection } from '../broker-connection.ts';
import { readInequivalence } from '../read-inequivalence.ts';

/** A queue has fewer properties than this that are compared before those asked for. */
const mostAttempts = 12;
/** No queue has it, and none can be declared with it: what is asked by it is refused whatever happens. */
const impossible = { 'x-overflow': 'live-worker' };

/** What a queue was declared with; a policy may say otherwise. */
export interface DeadLettering {
  readonly exchange: string | undefined;
  readonly routingKey: string | undefined;
}

/**
 * Asks by declaring the queue again, wrongly: the broker refuses, and names the first property that differs. What it has told is
 * right the next time.
 *
 * Source: rabbit_amqqueue:assert_equivalence of RabbitMQ 3.10, in whose order x-overflow comes last of these.
 *
 * @throws an error of amqplib: 404 where there is no such queue, 405 where it is exclusive
 */
export async function askDeadLettering(connection: BrokerConnection, queue: string): Promise<DeadLettering> {
  const known: Record<string, unknown> = {};
  const properties: Record<string, unknown> = { durable: true, autoDelete: false };
  await connection.inTurn('dead letters', channel => channel.checkQueue(queue));
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const refusal = await connection
      .inTurn('dead letters', channel =>
        channel.assertQueue(queue, { ...properties, arguments: { ...known, ...impossible } }),
      )
      .catch((error: unknown) => error);
    const told = readInequivalence(refusal);
    if (!told) throw refusal;
    const { property, current } = told;
    if (current === undefined || property in impossible) break;
    if (property === 'durable') properties.durable = current;
    else if (property === 'auto_delete') properties.autoDelete = current;
    else known[property] = current;
  }
  return {
    exchange: asText(known['x-dead-letter-exchange']),
    routingKey: asText(known['x-dead-letter-routing-key']),
  };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
