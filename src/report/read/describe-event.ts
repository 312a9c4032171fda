import { plainText } from '../../text/plain-text.ts';
import type { EventModel } from '../model.ts';
import { numberOf, type RecordedEvent, textOf, textsOf } from './read-events.ts';

/** An event of the timeline in words; undefined for one that the report shows otherwise. */
export function describeEvent({ atMs, event, fields }: RecordedEvent): EventModel | undefined {
  const described = describe(event, fields);
  if (!described) return undefined;
  const [kind, text, isBad = false] = described;
  return { atMs, kind, text: plainText(text), ...(isBad ? { isBad } : {}) };
}

type Described = readonly [kind: EventModel['kind'], text: string, isBad?: boolean];

function describe(event: string, fields: RecordedEvent['fields']): Described | undefined {
  const word = (name: string) => textOf(fields[name]) ?? '?';
  const count = (name: string) => numberOf(fields[name]) ?? '?';
  switch (event) {
    case 'gate.opened':
      return ['file', 'its workers are ready: the tests begin'];
    case 'queue.baseline':
      return [
        'queue',
        `queue "${word('queue')}" before the start: ${counted(fields.messages, 'message')}, ${counted(fields.strangers, 'consumer')} of others`,
        Boolean(numberOf(fields.strangers)),
      ];
    case 'queue.purged':
      return ['queue', `queue "${word('queue')}" was purged: ${counted(fields.messages, 'message')}`];
    case 'queue.attached':
      return [
        'queue',
        `queue "${word('queue')}": ${counted(fields.consumers, 'consumer')} of the worker attached to`,
      ];
    case 'tap.flow':
      return ['queue', `through the tap, in test "${word('test')}": ${describeCounts(fields.counts)}`];
    case 'turn.waiting':
      return ['turn', `waits for its turn on queue "${word('queue')}": another file has it`];
    case 'turn.taken':
      return ['turn', `has its turn on queue "${word('queue')}"`];
    case 'turn.interrupted':
      return [
        'turn',
        `lost its turn on ${textsOf(fields.queues).join(', ')}: the connection to the broker closed`,
        true,
      ];
    case 'turn.retaken':
      return ['turn', `took its turn on ${textsOf(fields.queues).join(', ')} again`];
    case 'address.baseline':
      return [
        'worker',
        `before the start ${describeAnswerer(fields)} at ${word('host')}:${count('port')}`,
        fields.answerer !== 'nobody',
      ];
    case 'worker.spawned':
      return ['worker', `started, pid ${count('pid')}`];
    case 'worker.ready':
      return ['worker', 'ready: every probe was satisfied'];
    case 'worker.leased':
      return ['worker', `used by a test file, pid ${count('pid')}`];
    case 'worker.attached':
      return ['worker', 'attached to'];
    case 'worker.exited':
      return ['worker', `ended: ${describeExit(fields)}`, fields.asked !== true];
    case 'worker.failed':
      return ['worker', `failed: ${textOf(fields.message)?.split('\n')[0] ?? word('code')}`, true];
    case 'worker.stopping':
      return ['worker', `asked to end by ${word('signal')}`];
    case 'worker.killing':
      return ['worker', 'did not end: SIGKILL', true];
    case 'worker.stopped':
      return [
        'worker',
        numberOf(fields.survivors) ? `stopped, but ${count('survivors')} processes live on` : 'stopped',
        Boolean(numberOf(fields.survivors)),
      ];
    case 'worker.restarting':
      return ['worker', `is started again after it ended: ${describeExit(fields)}`, true];
    case 'worker.signalled':
      return ['worker', `a test sent it ${word('signal')}`];
    case 'worker.heir-stopping':
      return ['worker', `a process it left, pid ${count('pid')}, was asked to end`];
    case 'worker.flooded':
      return ['log', `wrote ${count('bytes')} bytes, more than maxLogBytes`, true];
    case 'worker.differs':
      return ['worker', 'the run has another worker of that name, launched otherwise'];
    case 'log.fault':
      return ['log', word('what'), true];
    case 'otel.left-out':
      return ['worker', `${counted(fields.spans, 'span')} of it were too many to be kept`];
    case 'probe.answered':
      return ['probe', describeAnswer(fields), fields.answer === 'fatal'];
    default:
      return undefined;
  }
}

function counted(value: unknown, what: string): string {
  const count = numberOf(value);
  return `${count ?? '?'} ${what}${count === 1 ? '' : 's'}`;
}

function describeAnswerer({ answerer }: RecordedEvent['fields']): string {
  return `${textOf(answerer) ?? '?'} answered`;
}

/** As a worker's end is called everywhere. */
export function describeExit(fields: RecordedEvent['fields']): string {
  const signal = textOf(fields.signal);
  const code = numberOf(fields.code);
  if (signal !== undefined) return `killed by ${signal}`;
  return code === undefined ? 'its exit code is not known' : `exit code ${code}`;
}

function describeAnswer(fields: RecordedEvent['fields']): string {
  const why = textOf(fields.why);
  return `probe ${textOf(fields.probe) ?? '?'}: ${textOf(fields.answer) ?? '?'}${why === undefined ? '' : `, ${why}`}`;
}

/** `{ delivered: 2, statement: 1 }` */
function describeCounts(counts: unknown): string {
  const known = typeof counts === 'object' && counts !== null ? Object.entries(counts) : [];
  const words = known.flatMap(([kind, count]) =>
    numberOf(count) === undefined ? [] : [`${count} ${flowWords[kind] ?? kind}`],
  );
  return words.join(', ') || 'nothing';
}

const flowWords: Readonly<Record<string, string>> = {
  statement: 'statements',
  transaction: 'transactions over',
  returned: 'that no queue took',
  released: 'returned by the end of a channel',
};
