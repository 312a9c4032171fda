import { type MessageBody, readText, readTexts } from './message-text.ts';
import type { PostgresEvent } from './postgres-event.ts';

/** Tags of clients; a password, parameters and rows of a COPY are never looked at. */
export const clientTags: ReadonlySet<string> = new Set('QPBEDSCFpXHdcf');
/** Those of them whose beginning is read. */
export const readClientTags: ReadonlySet<string> = new Set('QPBEC');
/** Those that say something by their tag alone. */
export const toldClientTags: ReadonlySet<string> = new Set('ScfX');

/** What a message of a client says; undefined for those that nothing depends on. */
export function readClientMessage(tag: string, body: MessageBody): PostgresEvent | undefined {
  switch (tag) {
    case 'Q':
      return { kind: 'query', sql: readText(body).text };
    case 'P': {
      const [statement = '', sql = ''] = readTexts(body, 2);
      return { kind: 'parse', statement, sql };
    }
    case 'B': {
      const [portal = '', statement = ''] = readTexts(body, 2);
      return { kind: 'bind', portal, statement };
    }
    case 'E':
      return { kind: 'execute', portal: readText(body).text };
    case 'C': {
      const what = body.bytes[body.start] === 0x53 ? 'statement' : 'portal';
      return { kind: 'closed', what, name: readText({ ...body, start: body.start + 1 }).text };
    }
    case 'S':
      return { kind: 'sync' };
    case 'c':
      return { kind: 'copy-end', by: 'client', isFailed: false };
    case 'f':
      return { kind: 'copy-end', by: 'client', isFailed: true };
    case 'X':
      return { kind: 'terminate' };
    default:
      return undefined;
  }
}
