import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from 'amqplib';

/** `celery@host.celery.pidbox`, the queue of a Celery worker's remote control: its name, and the exchange it is bound to. */
const controlQueue = /^(.+)\.([^.]+\.pidbox)$/;
/** `ops.add [acks_late=True]` */
const described = /^(\S+) \[acks_late=(True|1)\]$/;

/**
 * Asks a Celery worker which of its tasks it acknowledges when they are done; undefined when it does not answer in time.
 *
 * Source: Celery, "Inspecting workers", `registered`; kombu.pidbox, the form of a command and its answer.
 */
export async function askLateTasks(
  channel: Channel,
  queue: string,
  limitMs: number,
): Promise<ReadonlyMap<string, boolean> | undefined> {
  const [, node, exchange] = controlQueue.exec(queue) ?? [];
  if (node === undefined || exchange === undefined) return undefined;
  const ticket = randomUUID();
  // Named as Celery's own are, so that the answer is known for what it is.
  const answers = `${ticket}.reply.celery.pidbox`;
  await channel.assertQueue(answers, { exclusive: true, autoDelete: true });
  const answered = new Promise<Buffer>(resolve => {
    void channel.consume(answers, message => message && resolve(message.content), { noAck: true });
  });
  const command = {
    method: 'registered',
    arguments: { taskinfoitems: ['acks_late'] },
    destination: [node],
    pattern: null,
    matcher: null,
    ticket,
    reply_to: { exchange: '', routing_key: answers },
  };
  channel.publish(exchange, '', Buffer.from(JSON.stringify(command)), {
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    headers: { clock: 0 },
  });
  try {
    const answer = await Promise.race([answered, sleep(limitMs, undefined, { ref: false })]);
    return answer && readTasks(answer, node);
  } finally {
    await channel.deleteQueue(answers);
  }
}

/** `{ "celery@host": ["ops.add [acks_late=True]", "ops.sub"] }`: what is false is left out of it. */
function readTasks(answer: Buffer, node: string): ReadonlyMap<string, boolean> | undefined {
  const tasks = (JSON.parse(answer.toString()) as Readonly<Record<string, unknown>>)[node];
  if (!Array.isArray(tasks)) return undefined;
  return new Map(tasks.map(String).map(text => [text.split(' ')[0] ?? '', described.test(text)]));
}
