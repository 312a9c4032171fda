import type { MessageProperties } from '../amqp/amqp-event.ts';
import { machineMs } from '../flow/machine-clock.ts';

/** Where Dramatiq keeps what it is to do later. */
const delayQueue = /\.DQ$/;

/** A message that a worker was sent and holds until its time, as Celery and Dramatiq do. @param nowMs by the clock of the machine */
export function isHeldBack(
  { queue, properties }: { readonly queue: string; readonly properties: MessageProperties },
  nowMs: number,
): boolean {
  const dueMs = dueOf(properties);
  return dueMs === undefined ? delayQueue.test(queue) : dueMs > nowMs;
}

/** When a task of Celery may be done, by the clock of the machine. */
export function dueOf({ etaMs }: MessageProperties): number | undefined {
  return etaMs === undefined ? undefined : etaMs - Date.now() + machineMs();
}
