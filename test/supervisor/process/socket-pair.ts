import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { ownFolder } from '../own-run.ts';

const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Both ends of a connection over a Unix socket. The client's does not read before it is told to. */
export async function socketPair(): Promise<{ readonly client: Socket; readonly server: Socket }> {
  const path = join(ownFolder(), 'socket');
  const listener = createServer().listen(path);
  await once(listener, 'listening');
  const client = connect(path).on('error', () => {});
  const [server] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  sockets.push(client, server);
  return { client, server };
}

/** The lines of a socket as JSON, until the wanted one has come. */
export async function readUntil<Frame>(
  socket: Socket,
  isLast: (frame: Frame) => boolean,
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  let text = '';
  for await (const chunk of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) frames.push(JSON.parse(line) as Frame);
    if (frames.some(isLast)) break;
  }
  return frames;
}
