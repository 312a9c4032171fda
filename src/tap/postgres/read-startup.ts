import { NotUnderstood } from '../not-understood.ts';
import { type MessageBody, readLong, readText } from './message-text.ts';
import type { PostgresEvent } from './postgres-event.ts';

const codes = { cancel: 80_877_102, ssl: 80_877_103, gss: 80_877_104 } as const;

/**
 * What a message without a tag says: those a connection begins with.
 *
 * Source: PostgreSQL manual, "Message Formats".
 *
 * @throws NotUnderstood
 */
export function readStartup(body: MessageBody): PostgresEvent {
  const code = readLong(body);
  if (code === codes.ssl) return { kind: 'encryption-asked', by: 'ssl' };
  if (code === codes.gss) return { kind: 'encryption-asked', by: 'gss' };
  if (code === codes.cancel) return { kind: 'cancel', pid: readLong(body, 4) };
  const version = code >>> 16;
  if (version !== 3) throw new NotUnderstood('no Postgres protocol, version 3, from its beginning');
  const parameters = readParameters({ ...body, start: body.start + 4 });
  if (isOn(parameters.get('replication'))) throw new NotUnderstood('replication');
  const user = parameters.get('user');
  return { kind: 'startup', user, database: parameters.get('database') || user };
}

function readParameters(body: MessageBody): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (let start = body.start; start < body.end; ) {
    const name = readText({ ...body, start });
    if (name.text === '') break;
    const value = readText({ ...body, start: Math.min(name.next, body.end) });
    parameters.set(name.text, value.text);
    start = value.next;
  }
  return parameters;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(off|false|no|0)$/i.test(value);
}
