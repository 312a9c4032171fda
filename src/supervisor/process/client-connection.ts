import type { Socket } from 'node:net';
import { LineReader, UnreadableLine } from '../line-reader.ts';
import type { Answer, Push, Request } from '../protocol.ts';
import { Outbox } from './outbox.ts';
import { parseRequest } from './parse-request.ts';

/** How the supervisor sees one client. */
export interface ClientConnection {
  push(push: Push): void;
  /** As much waits for it as may. */
  readonly isFull: boolean;
  /** Resolves when what was said has gone out, or cannot. */
  close(): Promise<void>;
}

export interface ClientConnectionOptions {
  readonly answer: (request: Request, connection: ClientConnection) => Promise<Answer> | Answer;
  /** What the client sent could not be read; it is closed. */
  readonly onRefused: (why: string) => void;
  readonly onClose: (connection: ClientConnection) => void;
}

/** A client that reads nothing any more is not waited for. */
const closeLimitMs = 500;

export function acceptClient(socket: Socket, options: ClientConnectionOptions): ClientConnection {
  const outbox = new Outbox(socket);
  const connection = {
    push: (push: Push) => outbox.push(push),
    get isFull() {
      return outbox.isFull;
    },
    close: () => closeSocket(socket),
  };
  const reader = new LineReader(line => {
    const { id, request } = parseRequest(line);
    void Promise.resolve(options.answer(request, connection)).then(answer => outbox.answer(id, answer));
  });
  socket.on('data', chunk => {
    if (socket.writableEnded) return;
    try {
      reader.read(chunk);
    } catch (error) {
      if (!(error instanceof UnreadableLine)) throw error;
      options.onRefused(error.message);
      outbox.push({ kind: 'refused', why: error.message });
      void closeSocket(socket);
    }
  });
  // It is followed by `close`: how a client ends concerns no other one.
  socket.on('error', () => {});
  socket.once('close', () => options.onClose(connection));
  return connection;
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.destroyed) return resolve();
    const limit = setTimeout(() => socket.destroy(), closeLimitMs);
    socket.once('close', () => {
      clearTimeout(limit);
      resolve();
    });
    socket.end(() => socket.destroy());
  });
}
