import { type MessageBody, readLong, readText } from './message-text.ts';
import type { PostgresEvent, TransactionState } from './postgres-event.ts';

/** Tags of servers; rows, their descriptions and the data of a COPY are never looked at. */
export const serverTags: ReadonlySet<string> = new Set('RKZCESTDNAGHWdc123nstIVv');
/** Those of them whose beginning is read. */
export const readServerTags: ReadonlySet<string> = new Set('RKZCEA');
/** Those that say something by their tag alone. */
export const toldServerTags: ReadonlySet<string> = new Set('GHWc');

const states: Readonly<Record<string, TransactionState>> = { I: 'idle', T: 'open', E: 'failed' };

/** What a message of a server says; undefined for those that nothing depends on. */
export function readServerMessage(tag: string, body: MessageBody): PostgresEvent | undefined {
  const { bytes, start, end } = body;
  switch (tag) {
    case 'R':
      return readLong(body) === 0 ? { kind: 'authenticated' } : undefined;
    case 'K':
      // The secret behind it is not read.
      return { kind: 'backend', pid: readLong(body) };
    case 'Z':
      return { kind: 'ready', state: states[bytes.toString('latin1', start, end)] ?? 'idle' };
    case 'C':
      return { kind: 'complete', tag: readText(body).text };
    case 'E':
      return readError(body);
    case 'A':
      return {
        kind: 'notification',
        pid: readLong(body),
        channel: readText({ ...body, start: start + 4 }).text,
      };
    case 'G':
      return { kind: 'copy', direction: 'in' };
    case 'H':
      return { kind: 'copy', direction: 'out' };
    case 'W':
      return { kind: 'copy', direction: 'both' };
    case 'c':
      return { kind: 'copy-end', by: 'server', isFailed: false };
    default:
      return undefined;
  }
}

/** Fields, each a letter and a text: S and V severity, C SQLSTATE, M message. */
function readError(body: MessageBody): PostgresEvent {
  const fields = new Map<string, string>();
  for (let start = body.start; start < body.end && body.bytes[start] !== 0; ) {
    const field = body.bytes.toString('latin1', start, start + 1);
    const { text, next } = readText({ ...body, start: start + 1 });
    fields.set(field, text);
    start = next;
  }
  return {
    kind: 'error',
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    sqlState: fields.get('C') ?? '',
    message: fields.get('M') ?? '',
  };
}
