import type { Evidence } from './evidence.ts';

/** Never a cause by itself: what stood on the queues before may be why a worker ends, or have nothing to do with it. */
export function describeLeftOverMessages({ leftOver }: Pick<Evidence, 'leftOver'>): readonly string[] {
  return leftOver.map(
    ({ queue, messages }) =>
      `also seen: queue "${queue}" held ${messages} ${messages === 1 ? 'message' : 'messages'} from before the worker was started`,
  );
}
