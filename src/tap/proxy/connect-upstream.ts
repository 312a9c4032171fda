import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { mostBuffered } from './pass-bytes.ts';
import type { Upstream } from './upstream.ts';

/** `Int32(8) Int32(80877103)` */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const accepted = 0x53;

/** Connects as the worker would; resolves when bytes may pass. @throws the error of the system or of TLS */
export async function connectUpstream(
  { protocol, address, encryption, tls }: Upstream,
  { isAsked, onSocket }: { readonly isAsked: boolean; readonly onSocket: (socket: Socket) => void },
): Promise<Socket> {
  // It is an option of every stream, which the types of sockets leave out.
  const buffering = { writableHighWaterMark: mostBuffered };
  const socket = connectTcp({ ...address, ...buffering, allowHalfOpen: true, noDelay: true });
  onSocket(socket);
  await once(socket, 'connect');
  if ('path' in address || encryption === 'never' || (encryption === 'asked' && !isAsked)) return socket;
  if (protocol === 'postgres' && !(await acceptsTls(socket))) {
    if (encryption !== 'required') return socket;
    socket.destroy();
    throw new Error('the server does not support TLS, which sslmode demands');
  }
  const { checksName = true, ...options } = tls;
  const secured = connectTls({
    socket,
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    host: address.host,
    ...options,
    ...(checksName ? {} : { checkServerIdentity: () => undefined }),
  });
  onSocket(secured);
  await once(secured, 'secureConnect');
  return secured;
}

/** Source: PostgreSQL manual, "SSL Session Encryption". */
async function acceptsTls(socket: Socket): Promise<boolean> {
  socket.write(sslRequest);
  for (;;) {
    const answer = socket.read(1) as Buffer | null;
    if (answer) return answer[0] === accepted;
    if (socket.readableEnded) throw new Error('the server closed the connection when it was asked for TLS');
    await Promise.race([once(socket, 'readable'), once(socket, 'end')]);
  }
}
