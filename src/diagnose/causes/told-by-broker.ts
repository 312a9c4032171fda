import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput } from '../find-in-output.ts';
import { findSetting } from '../find-setting.ts';

/** What RabbitMQ told the worker when it refused something, in the words of any client. */
export function toldByBroker(evidence: Evidence): Cause | undefined {
  const replies = findAllInOutput(evidence, spoken).flatMap(({ input }) => readReply(input) ?? []);
  const reply = replies.find(({ code }) => !aftermath.has(code)) ?? replies[0];
  if (!reply) return undefined;
  const setting = findSetting('rabbitmq', reply.text, evidence);
  return {
    text: [`RabbitMQ told it: ${reply.code} ${reply.text}`, ...setting.lines].join('\n'),
    change: [advise(reply, setting.name)],
  };
}

interface BrokerReply {
  readonly code: number;
  readonly text: string;
}

/** The reply codes of the AMQP 0-9-1 specification. */
const codes: Readonly<Record<string, number>> = {
  CONTENT_TOO_LARGE: 311,
  NO_ROUTE: 312,
  NO_CONSUMERS: 313,
  CONNECTION_FORCED: 320,
  INVALID_PATH: 402,
  ACCESS_REFUSED: 403,
  NOT_FOUND: 404,
  RESOURCE_LOCKED: 405,
  PRECONDITION_FAILED: 406,
  FRAME_ERROR: 501,
  SYNTAX_ERROR: 502,
  COMMAND_INVALID: 503,
  CHANNEL_ERROR: 504,
  UNEXPECTED_FRAME: 505,
  RESOURCE_ERROR: 506,
  NOT_ALLOWED: 530,
  NOT_IMPLEMENTED: 540,
  INTERNAL_ERROR: 541,
};
/** What a client does with a channel or a connection that was closed before. */
const aftermath = new Set([320, 503, 504, 505]);

const name = Object.keys(codes).join('|');
/** `NOT_FOUND - no queue 'x' in vhost '/'`, with the quote it stands in. */
const worded = new RegExp(`(\\\\?["'])?\\b(${name}) - (.*)`);
/** Other programs say NOT_FOUND, too. */
const ofBroker =
  /\b(?:vhost|queue|exchange|consumer|channel|login|delivery|qos|message|connection|operator|frame|node)\b/i;
/** `404 (NOT-FOUND)`. */
const numbered = new RegExp(`\\b(\\d{3}) \\((${name.replaceAll('_', '[_-]')})\\)`);
/** Of amqp091-go. */
const exception = /Exception \((\d{3})\) Reason: "([^"]*)"/;
/** amqplib knows no more of a vhost that is refused. */
const wordless = /Expected ConnectionOpenOk; got <ConnectionClose/;
/** Of Bunny, which keeps the broker's own words to itself. */
const bunny =
  /Authentication with RabbitMQ failed|Could not establish TCP connection to any of the configured hosts.*ACCESS_REFUSED/;

const spoken = new RegExp(
  [worded, numbered, exception, wordless, bunny].map(({ source }) => source).join('|'),
);

function readReply(line: string): BrokerReply | undefined {
  const [, quote, named = '', rest = ''] = worded.exec(line) ?? [];
  if (named !== '' && (ofBroker.test(rest) || hasCode(line, codes[named])))
    return { code: codes[named] ?? 0, text: `${named} - ${cut(rest, quote)}` };
  const [, code, reason] = exception.exec(line) ?? [];
  if (reason !== undefined) return { code: Number(code), text: reason };
  const [, number, constant = ''] = numbered.exec(line) ?? [];
  if (number !== undefined) {
    const known = constant.replaceAll('-', '_');
    return codes[known] === Number(number) ? { code: Number(number), text: known } : undefined;
  }
  if (wordless.test(line))
    return {
      code: 530,
      text: 'it closed the connection when the vhost was to be opened (amqplib does not say why)',
    };
  return bunny.test(line) ? { code: 403, text: 'ACCESS_REFUSED - Login was refused' } : undefined;
}

/** As clients write it: `(404)`, `404 (`, `code=404`, `(404, "`. */
function hasCode(line: string, code = 0): boolean {
  return new RegExp(`\\(${code}[,)]|\\b${code} \\(|code=${code}\\b`).test(line);
}

/** Up to the quote it began with, or to where the client of Java goes on. */
function cut(rest: string, quote: string | undefined): string {
  const end =
    quote === undefined ? -1 : rest.search(quote === "'" ? /'(?:[,;)}\]]|$)/ : quote.replace('\\', '\\\\'));
  const text = end === -1 ? rest : rest.slice(0, end);
  return text.replace(/,? class-id=.*$|\s*For details see the broker logfile.*$/, '').replace(/[.)\s]+$/, '');
}

function advise({ code, text }: BrokerReply, setting: string): string {
  const queue = /queue '([^']+)'/.exec(text)?.[1];
  switch (code) {
    case 320:
      return 'find what closed the connection: an operator, a broker that stops, a policy; the log of RabbitMQ says it';
    case 402:
    case 530:
      return adviseOnVhost(text, setting);
    case 403:
      return adviseOnRefusal(text, setting);
    case 404:
      return `declare it before the worker starts, or correct its name in the worker's settings; or the vhost in ${setting}`;
    case 405:
      return 'end the connection that holds it exclusively, or give the worker a queue of its own';
    case 406:
      return adviseOnPrecondition(text, queue);
    case 540:
      return adviseOnMissingFeature(text);
    default:
      return 'look into the log of RabbitMQ for the same moment, and for what the client sent before';
  }
}

function adviseOnRefusal(text: string, setting: string): string {
  if (/login|password/i.test(text))
    return `correct the user and the password in ${setting}, or create that user`;
  if (text.includes('reserved prefix'))
    return 'choose a name that does not begin with "amq.": that is the broker\'s own';
  if (text.includes('exclusive use'))
    return 'end the exclusive consumer of that queue, or consume without exclusive';
  return `rabbitmqctl set_permissions for that user, with what it may configure, write and read, or correct the user in ${setting}`;
}

function adviseOnVhost(text: string, setting: string): string {
  const vhost = /vhost '?([^\s']+)'? not found/.exec(text)?.[1];
  if (vhost !== undefined)
    return `rabbitmqctl add_vhost ${vhost} and set_permissions for it, or correct the path of ${setting}`;
  if (/limit/i.test(text))
    return 'close connections or queues that are not needed, or raise the limit of that user or vhost';
  return /consumer tag/i.test(text)
    ? 'give each consumer of a channel a tag of its own'
    : `rabbitmqctl list_vhosts: add it, and set_permissions for the user, or correct the path of ${setting}`;
}

function adviseOnPrecondition(text: string, queue = 'NAME'): string {
  if (/inequivalent arg/.test(text)) {
    const [, kind = 'queue', name = queue] = /for (queue|exchange) '([^']+)'/.exec(text) ?? [];
    return kind === 'exchange'
      ? `declare exchange "${name}" with the same arguments everywhere, or delete the one that is there`
      : `declare queue "${name}" with the same arguments everywhere, or drop the one that is there: rabbitmqctl delete_queue ${name}`;
  }
  return /delivery (?:tag|acknowledg)/.test(text)
    ? 'acknowledge each message once, on the channel it came by, and in time (consumer_timeout)'
    : 'compare what the worker asks for with how the queue was declared: rabbitmqctl list_queues name durable arguments';
}

function adviseOnMissingFeature(text: string): string {
  return /global qos/.test(text)
    ? 'set the prefetch for each consumer, not for all (global: false): Celery does from 5.5 on by worker_detect_quorum_queues; or declare the queue as a classic one'
    : 'leave out what this version of RabbitMQ, or this type of queue, does not have';
}
