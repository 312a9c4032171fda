import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A broker that calls itself another version and counts no consumer on any queue, as 4.x does on quorum queues. */
export async function miscounting(url: string, version: string) {
  const behind = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    const broker = connect(Number(behind.port || 5672), behind.hostname);
    for (const socket of [client, broker]) sockets.add(socket.on('error', () => {}));
    client.on('close', () => broker.destroy()).pipe(broker);
    let unread = Buffer.alloc(0);
    broker
      .on('close', () => client.destroy())
      .on('data', piece => {
        unread = Buffer.concat([unread, piece]);
        while (unread.length >= 7 && unread.length >= unread.readUInt32BE(3) + 8) {
          const end = unread.readUInt32BE(3) + 8;
          client.write(changed(unread.subarray(0, end), version));
          unread = unread.subarray(end);
        }
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) }).href,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const versionField = Buffer.from('\x07versionS');

/** connection.start (10, 10) tells the version, queue.declare-ok (50, 11) ends in the count of consumers. */
function changed(frame: Buffer, version: string): Buffer {
  const method = frame[0] === 1 ? frame.readUInt32BE(7) : 0;
  if (method === 0x32000b) frame.writeUInt32BE(0, frame.length - 5);
  const at = method === 0x0a000a ? frame.indexOf(versionField) : -1;
  if (at < 0) return frame;
  const start = at + versionField.length;
  const length = frame.readUInt32BE(start);
  frame.write(version.padEnd(length).slice(0, length), start + 4);
  return frame;
}
