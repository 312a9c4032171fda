import { statementShape } from '../flow/statement-shape.ts';
import type { TapEntry } from '../flow/tap-reading.ts';

/** One line, the same for what is alike. */
export function describeTraffic(entry: TapEntry): string {
  switch (entry.kind) {
    case 'delivered':
      return `delivered from "${entry.queue}"`;
    case 'acknowledged':
    case 'rejected':
    case 'requeued':
      return `${entry.kind} to "${entry.queue}"`;
    case 'released':
      return `returned to "${entry.queue}" by the end of a channel`;
    case 'published':
      return `published to ${describeTarget(entry)}`;
    case 'returned':
      return `published to ${describeTarget(entry)}, which no queue took`;
    case 'statement':
      return statementShape(entry.sql);
    case 'transaction':
      return `transaction ${entry.outcome}`;
    default:
      return entry satisfies never;
  }
}

/** Where a message was sent to. */
export function describeTarget({
  exchange,
  routingKey,
}: {
  readonly exchange: string;
  readonly routingKey: string;
}): string {
  return exchange === '' ? `queue "${routingKey}"` : `exchange "${exchange}" by "${routingKey}"`;
}
