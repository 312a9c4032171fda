import { randomBytes } from 'node:crypto';

export const rabbitmqUrl = process.env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
export const postgresUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** For a queue or a table of one test. */
export function uniqueName(): string {
  return `probe_test_${randomBytes(6).toString('hex')}`;
}
