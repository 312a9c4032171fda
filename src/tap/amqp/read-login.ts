import type { AmqpEvent } from './amqp-event.ts';
import type { MethodFields } from './method-fields.ts';

/** The user of connection.start-ok. The password that stands behind it is not read. */
export function readLogin(fields: MethodFields): AmqpEvent {
  // The properties of the client.
  fields.skipLong();
  const mechanism = fields.shortText();
  const length = fields.long();
  const user = mechanism === 'PLAIN' ? readPlain(fields, length) : readAmqplain(mechanism, fields);
  return { kind: 'login', mechanism, user };
}

/** `authorisation NUL user NUL password` */
function readPlain(fields: MethodFields, length: number): string | undefined {
  let separators = 0;
  const name: number[] = [];
  for (let at = 0; at < length; at += 1) {
    const octet = fields.octet();
    if (octet === 0) separators += 1;
    else if (separators === 1) name.push(octet);
    if (separators === 2) return Buffer.from(name).toString();
  }
  return undefined;
}

/** A table whose LOGIN stands first with every client that is known. */
function readAmqplain(mechanism: string, fields: MethodFields): string | undefined {
  if (mechanism !== 'AMQPLAIN') return undefined;
  const isLogin = fields.shortText() === 'LOGIN' && fields.text(1) === 'S';
  return isLogin ? fields.text(fields.long()) : undefined;
}
