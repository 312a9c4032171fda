import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BrokerTarget } from './broker-address.ts';
import { type TlsFiles, tlsOptions } from './tls-options.ts';

const limitMs = 10_000;
const frameEnd = 0xce;
const connectionClass = 10;
const [start, startOk, tune, tuneOk, open, openOk, close] = [10, 11, 30, 31, 40, 41, 50];

/** What a broker said when it closed a connection. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/**
 * Logs in once more to hear why a vhost is refused: amqplib says only that the connection was closed. Undefined when the
 * broker lets it in now, or says nothing.
 *
 * Source: AMQP 0-9-1, sections 2.2.4 and 1.4.2.
 */
export function askRefusal(target: BrokerTarget, tls?: TlsFiles): Promise<Refusal | undefined> {
  const { host, port, isTls, query } = target;
  return new Promise(resolve => {
    const socket: Socket = isTls
      ? connectTls({ host, port, servername: host, ...tlsOptions(query, tls) })
      : connectTcp({ host, port });
    const end = (refusal?: Refusal) => {
      socket.destroy();
      resolve(refusal);
    };
    socket
      .setTimeout(limitMs, end)
      .on('error', () => end())
      .on('close', () => end());
    socket.write('AMQP\0\0\x09\x01');
    let unread = Buffer.alloc(0);
    socket.on('data', piece => {
      unread = Buffer.concat([unread, piece]);
      for (let frame = firstFrame(unread); frame; frame = firstFrame(unread)) {
        unread = unread.subarray(frame.length + 8);
        answer(frame, target, socket, end);
      }
    });
  });
}

function answer(
  method: Buffer,
  { user, password, vhost }: BrokerTarget,
  socket: Socket,
  end: (refusal?: Refusal) => void,
): void {
  if (method.length < 4 || method.readUInt16BE(0) !== connectionClass) return;
  switch (method.readUInt16BE(2)) {
    case start:
      socket.write(
        frameOf(startOk, [long(0), short('PLAIN'), longText(`\0${user}\0${password}`), short('en_US')]),
      );
      break;
    case tune:
      socket.write(frameOf(tuneOk, [method.subarray(4, 10), Buffer.alloc(2)]));
      socket.write(frameOf(open, [short(vhost), short(''), Buffer.alloc(1)]));
      break;
    case close:
      end({ code: method.readUInt16BE(4), text: method.subarray(7, 7 + method.readUInt8(6)).toString() });
      break;
    case openOk:
      end();
      break;
  }
}

/** The payload of the first whole frame. */
function firstFrame(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 8) return undefined;
  const size = bytes.readUInt32BE(3);
  return bytes.length < size + 8 ? undefined : bytes.subarray(7, 7 + size);
}

function frameOf(method: number, fields: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([Buffer.from([0, connectionClass, 0, method]), ...fields]);
  return Buffer.concat([Buffer.from([1, 0, 0]), long(payload.length), payload, Buffer.from([frameEnd])]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function short(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function longText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([long(bytes.length), bytes]);
}
