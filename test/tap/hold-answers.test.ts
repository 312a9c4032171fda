import { once } from 'node:events';
import type { Socket } from 'node:net';
import { closeAll, openBetween } from './open-between.ts';

afterEach(closeAll);

const message = (tag: string, body: string) => {
  const bytes = Buffer.from(`${tag}\0\0\0\0${body}`, 'latin1');
  bytes.writeUInt32BE(bytes.length - 1, 1);
  return bytes;
};
const query = (sql: string) => message('Q', `${sql}\0`);
const ready = message('Z', 'I');
const done = Buffer.concat([message('C', 'INSERT 0 1\0'), ready]);
const refused = Buffer.concat([message('E', 'SERROR\0C23505\0Mduplicate key\0\0'), ready]);
const point = { when: 'after', effect: 'commit', nth: 1 } as const;

/** Resolves with all that has come of a socket since, once it ends with these bytes. */
function endingOf(socket: Socket): (end: Buffer) => Promise<string> {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('data', piece => {
    bytes = Buffer.concat([bytes, piece]);
  });
  return async end => {
    while (!bytes.subarray(-end.length).equals(end)) await once(socket, 'data');
    return bytes.toString('latin1');
  };
}

test('FAULT 83: what a database refuses is no point: what was kept back goes on, and the next one counts', async () => {
  const { client, server, hold, reached } = await openBetween('postgres');
  const [up, down] = [endingOf(server), endingOf(client)];
  server.write(ready);
  await down(ready);
  hold.arm({ kind: 'crash', number: 1, point });
  const [first, second] = [query('INSERT INTO a VALUES (1)'), query('INSERT INTO b VALUES (1)')];
  client.write(Buffer.concat([first, second]));
  expect(await up(first)).toBe(first.toString('latin1'));
  server.write(refused);
  await up(second);
  expect(reached.size).toBe(0);
  server.write(done);
  await down(done);
  expect(reached.get(1)).toMatchObject({
    effect: { kind: 'commit', statements: ['INSERT INTO b VALUES (?)'] },
  });
});

test('FAULT 83: a connection that ends before its answer is no point, and others go on', async () => {
  const { client, server, hold, reached } = await openBetween('postgres');
  const down = endingOf(client);
  server.write(ready);
  await down(ready);
  hold.arm({ kind: 'crash', number: 1, point });
  client.write(query('INSERT INTO a VALUES (1)'));
  await once(server, 'data');
  const closed = new Promise(resolve => client.once('close', resolve));
  server.resetAndDestroy();
  await closed;
  expect(reached.size).toBe(0);
  expect(hold.isFrozen).toBe(false);
});

test('an answer that is lost: the server has an end, the client a reset and no answer', async () => {
  const { client, server, hold, reached, listener } = await openBetween('postgres');
  server.write(ready);
  await once(client, 'data');
  hold.arm({ kind: 'lose-answer', number: 1, listeners: [listener.sight().listener.key], wanted: {} });
  const got: Buffer[] = [];
  client.on('data', bytes => got.push(bytes));
  const failed = once(client, 'error');
  client.write(query('INSERT INTO a VALUES (1)'));
  await once(server, 'data');
  server.write(done);
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  await once(server.resume(), 'end');
  server.end();
  expect(got).toEqual([]);
  expect(reached.has(1)).toBe(true);
});
