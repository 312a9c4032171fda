import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { DatabaseConnection } from '../../src/service/postgres/database-connection.ts';
import { BrokerConnection } from '../../src/service/rabbitmq/broker-connection.ts';
import { postgresUrl, rabbitmqUrl } from './services.ts';

const sockets: Socket[] = [];
let proxy: Server;

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  proxy.close();
});

/** Stands before a service, and stops passing anything on when it is frozen, as a paused container does. */
async function standBefore(url: string) {
  const behind = new URL(url);
  proxy = createServer(client => {
    const server = connect(Number(behind.port), behind.hostname);
    sockets.push(client, server);
    for (const socket of [client, server]) socket.on('error', () => {});
    client.pipe(server).pipe(client);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const before = new URL(url);
  before.port = String((proxy.address() as AddressInfo).port);
  const freeze = () => {
    for (const socket of sockets) socket.unpipe();
  };
  return { url: before.href, freeze };
}

test('FAULT 54: close() of a BrokerConnection ends although the broker is frozen', async () => {
  const { url, freeze } = await standBefore(rabbitmqUrl);
  const connection = new BrokerConnection(url, 'frozen-server.test');
  await connection.checkQueue('no-such-queue');
  freeze();
  const pending = connection.checkQueue('no-such-queue');
  const failed = expect(pending).rejects.toThrow();
  await connection.close();
  await failed;
});

test('FAULT 54: close() of a DatabaseConnection ends although Postgres is frozen', async () => {
  const { url, freeze } = await standBefore(postgresUrl);
  const connection = new DatabaseConnection(url, 'frozen-server.test');
  await connection.query('select 1');
  freeze();
  await connection.close();
});
