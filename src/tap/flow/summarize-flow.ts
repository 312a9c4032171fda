import type { FlowEntry } from './flow-entry.ts';
import { nameShape, statementShape } from './statement-shape.ts';

/** In this order, whatever came first: what runs at once has no order that stays. */
const order: readonly FlowEntry['kind'][] = [
  'delivered',
  'statement',
  'transaction',
  'published',
  'returned',
  'acknowledged',
  'rejected',
  'requeued',
  'released',
];
const besideMessages = 'beside messages';
const ofSeveral = 'of one of several messages at once';

/** What was done for each message, alike ones counted: a text for snapshots, without what differs from one time to the next. */
export function summarizeFlow(entries: readonly FlowEntry[]): string {
  const groups = new Map<string, FlowEntry[]>();
  for (const entry of entries) {
    const key = groupOf(entry);
    const group = groups.get(key) ?? [];
    group.push(entry);
    groups.set(key, group);
  }
  const counts = new Map<string, number>();
  for (const [key, group] of groups) {
    const text = describeGroup(key, group);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => (isBeside(text) ? text : `${count} × ${text}`))
    .toSorted()
    .join('\n');
}

function groupOf({ worker, delivery }: FlowEntry): string {
  if (delivery === undefined) return besideMessages;
  return typeof delivery === 'number' ? `${worker} ${delivery}` : ofSeveral;
}

function isBeside(text: string): boolean {
  return text.startsWith(besideMessages) || text.startsWith(ofSeveral);
}

function describeGroup(key: string, group: readonly FlowEntry[]): string {
  const delivered = group.find(one => one.kind === 'delivered');
  const lines = new Map<string, { readonly rank: number; count: number }>();
  for (const entry of group) {
    if (entry === delivered) continue;
    const line = describeEntry(entry);
    const known = lines.get(line) ?? { rank: order.indexOf(entry.kind), count: 0 };
    known.count += 1;
    lines.set(line, known);
  }
  const sorted = [...lines].toSorted(
    ([one, { rank }], [other, { rank: otherRank }]) => rank - otherRank || compare(one, other),
  );
  const title = isBeside(key) ? key : describeMessage(delivered);
  return [title, ...sorted.map(([line, { count }]) => `  ${count === 1 ? '' : `${count} × `}${line}`)].join(
    '\n',
  );
}

function describeMessage(delivered: FlowEntry | undefined): string {
  if (delivered?.kind !== 'delivered') return 'message that was delivered before';
  const { queue, task, redelivered } = delivered;
  const what = task === undefined ? 'message' : `task "${task}"`;
  return `${what} of queue "${nameShape(queue)}"${redelivered ? ', redelivered' : ''}`;
}

function describeEntry(entry: FlowEntry): string {
  switch (entry.kind) {
    case 'delivered':
      return describeMessage(entry);
    case 'published':
      return `published to ${describeTarget(entry)}`;
    case 'returned':
      return `no queue took what was published to ${describeTarget(entry)}`;
    case 'acknowledged':
      return 'acknowledged';
    case 'rejected': {
      const { deadLetters } = entry;
      const where = deadLetters?.map(queue => `"${nameShape(queue)}"`).join(', ');
      return where === undefined ? 'rejected' : `rejected, its dead letters go to ${where}`;
    }
    case 'requeued':
      return 'requeued';
    case 'released':
      return 'returned to its queue by the end of a channel';
    case 'statement':
      return `${statementShape(entry.sql)}${entry.sqlState === undefined ? '' : `, refused with ${entry.sqlState}`}`;
    case 'transaction':
      return `transaction ${entry.outcome}`;
    default:
      return entry satisfies never;
  }
}

function describeTarget({
  exchange,
  routingKey,
}: {
  readonly exchange: string;
  readonly routingKey: string;
}): string {
  const key = nameShape(routingKey);
  return exchange === '' ? `queue "${key}"` : `exchange "${nameShape(exchange)}" by "${key}"`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
