import type { Declared } from '../flow/tap-fact.ts';

interface QueueOf {
  readonly vhost: string;
  readonly queue: string;
}

/** Where a queue's dead letters go by what the worker declared; undefined where it has not said. */
export function deadLetterQueues(
  declared: readonly Declared[],
  { vhost, queue }: QueueOf,
): readonly string[] | undefined {
  const own = declaredQueue(declared, { vhost, queue });
  if (own?.deadLetterExchange === undefined) return undefined;
  const { deadLetterExchange: exchange, deadLetterRoutingKey: key } = own;
  if (exchange === '') return key === undefined || key === queue ? undefined : [key];
  const bound = declared.flatMap(one =>
    one.kind === 'binding' && one.vhost === vhost && one.exchange === exchange ? [one.queue] : [],
  );
  return bound.length === 0 ? undefined : [...new Set(bound)];
}

/** What comes to it goes on by itself. */
export function passesOn(declared: readonly Declared[], place: QueueOf): boolean {
  return declaredQueue(declared, place)?.deadLetterExchange !== undefined;
}

function declaredQueue(declared: readonly Declared[], { vhost, queue }: QueueOf) {
  const found = declared.find(one => one.kind === 'queue' && one.vhost === vhost && one.queue === queue);
  return found?.kind === 'queue' ? found : undefined;
}
