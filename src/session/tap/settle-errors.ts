import { LiveWorkerError } from '../../errors.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Blind, Delayed, Unsettled } from '../../tap/settled/unsettled.ts';

const mostLines = 12;
const longestStatement = 200;

export interface NotSettledTerms {
  readonly nowMs: number;
  /** The test, by the clock of the machine. */
  readonly beganMs: number;
  readonly timeoutMs: number;
  readonly secrets: Pick<Secrets, 'quote'>;
}

/** @param left what is not over */
export function notSettled(left: readonly Unsettled[], terms: NotSettledTerms): LiveWorkerError {
  const lines = describeAll(left, terms).map(line => `  ${terms.secrets.quote(line)}`);
  const more = lines.length > mostLines ? [`  and ${lines.length - mostLines} more`] : [];
  const headline = `The workers had not settled within ${Math.round(terms.timeoutMs)} ms`;
  return new LiveWorkerError(
    'NOT_SETTLED',
    [headline, ...(lines.length === 0 ? [stillQuiet] : lines.slice(0, mostLines)), ...more].join('\n'),
    { details: { timeoutMs: terms.timeoutMs, left: left.map(({ kind }) => kind) } },
  );
}

const stillQuiet = '  nothing is open any more, but it was not quiet for quietMs: give it a longer timeoutMs';

export function delayedError(
  late: readonly Delayed[],
  { nowMs, timeoutMs }: { readonly nowMs: number; readonly timeoutMs: number },
): LiveWorkerError {
  const lines = late.map(one => `  ${describeDelayed(one, nowMs)}`);
  return new LiveWorkerError(
    'NOT_SETTLED',
    [
      `The workers cannot settle within ${Math.round(timeoutMs)} ms: something is to happen later`,
      ...lines.slice(0, mostLines),
      "A longer timeoutMs waits for it, delayed: 'ignore' leaves it out of account",
    ].join('\n'),
    { details: { timeoutMs, left: late.map(({ kind }) => kind) } },
  );
}

export function blindError(blind: readonly Blind[]): LiveWorkerError {
  const lines = blind.map(describeBlind);
  return new LiveWorkerError(
    'SETTLED_BLIND',
    ['It cannot be seen when the workers have settled', ...new Set(lines), waysOut].join('\n'),
    { details: { blind } },
  );
}

const waysOut =
  'Let it acknowledge when the work is done (acks_late in Celery, no noAck elsewhere), wait for a row or a log line by which it ends, or give a quietMs from 1000 on that is longer than its silence between acknowledgement and work';

export function tapGone(worker: string): LiveWorkerError {
  return new LiveWorkerError(
    'TAP_NEEDED',
    `The tap of worker "${worker}" has ended, or does not answer: nothing is seen of it`,
    {
      details: { worker },
    },
  );
}

function describeBlind(blind: Blind): string {
  const worker = `  worker "${blind.worker}"`;
  switch (blind.kind) {
    case 'no-ack':
      return `${worker} consumes "${blind.queue}" without acknowledgements (noAck): the broker takes each message for done when it is sent`;
    case 'early-ack':
      return blind.isKnown
        ? `${worker} acknowledges task "${blind.task}" of queue "${blind.queue}" before it is done (acks_late is not set)`
        : `${worker} does not tell whether it acknowledges task "${blind.task}" of queue "${blind.queue}" when it is done (remote control of Celery is off, or it is busy)`;
    case 'not-understood':
      return `${worker} has a connection of which nothing is seen: ${blind.why}`;
    default:
      return blind satisfies never;
  }
}

function describeAll(left: readonly Unsettled[], terms: NotSettledTerms): readonly string[] {
  const deliveries = left.filter(one => one.kind === 'delivery');
  const groups = new Map<string, Delivery[]>();
  for (const one of deliveries) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
  const others = left.flatMap(one => (one.kind === 'delivery' ? [] : [describe(one, terms)]));
  return [...[...groups.values()].map(group => describeDeliveries(group, terms)), ...others];
}

type Delivery = Extract<Unsettled, { readonly kind: 'delivery' }>;

function groupOf({ worker, pid, queue }: Delivery): string {
  return JSON.stringify([worker, pid, queue]);
}

function describeDeliveries(group: readonly Delivery[], { nowMs, beganMs }: NotSettledTerms): string {
  const [first] = group.toSorted((one, other) => one.sinceMs - other.sinceMs);
  if (!first) return '';
  const ids = group.flatMap(({ messageId }) => messageId ?? []).slice(0, 3);
  const which = ids.length === 0 ? '' : ` (${ids.join(', ')}${group.length > ids.length ? ', …' : ''})`;
  const when = `${group.length === 1 ? '' : 'the first '}${seconds(nowMs - first.sinceMs)} ago`;
  const before = first.sinceMs < beganMs ? ', before this test began' : '';
  const count = group.length === 1 ? '1 message' : `${group.length} messages`;
  return `${count}${which} of queue "${first.queue}" delivered to ${whom(first)}, ${when}${before}, not acknowledged`;
}

function describe(one: Exclude<Unsettled, Delivery>, { nowMs }: Pick<NotSettledTerms, 'nowMs'>): string {
  switch (one.kind) {
    case 'transaction':
      return `a transaction of ${whom(one)}, open for ${seconds(nowMs - one.sinceMs)}${one.isFailed ? ' and failed' : ''}, its last statement: ${oneLine(one.lastSql)}`;
    case 'statement':
      return `a statement of ${whom(one)}, under way for ${seconds(nowMs - one.sinceMs)}: ${oneLine(one.sql)}`;
    case 'ready':
      return `queue "${one.queue}"${one.vhost === undefined ? '' : ` in vhost "${one.vhost}"`}: ${one.messages} ${one.messages === 1 ? 'message' : 'messages'} waiting`;
    case 'delayed':
      return describeDelayed(one, nowMs);
    case 'busy':
      return `worker "${one.worker}" went on: ${one.what}, ${one.times} times, the last ${seconds(nowMs - one.lastMs)} ago; what is no doing of the test is left out by tap.ignore`;
    default:
      return one satisfies never;
  }
}

function describeDelayed({ what, dueMs }: Delayed, nowMs: number): string {
  return dueMs === undefined
    ? `${what}; nobody tells when that is`
    : `${what}, due in ${seconds(dueMs - nowMs)}`;
}

function whom({ worker, pid }: { readonly worker: string; readonly pid: number | undefined }): string {
  return `worker "${worker}"${pid === undefined ? '' : `, pid ${pid}`}`;
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
}

function oneLine(sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  return text.length > longestStatement ? `${text.slice(0, longestStatement)}…` : text;
}
