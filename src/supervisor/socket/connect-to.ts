import { connect, type Socket } from 'node:net';

/** `refused` when no process listens under the name any more, `absent` when there is no such name, `busy` when there is no place in the queue. */
export function connectTo(path: string): Promise<Socket | 'refused' | 'absent' | 'busy'> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const fail = (error: NodeJS.ErrnoException) => {
      const outcome = outcomes[error.code ?? ''];
      if (outcome) resolve(outcome);
      else reject(error);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

const outcomes: Readonly<Record<string, 'refused' | 'absent' | 'busy'>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'absent',
  EAGAIN: 'busy',
};
