import { BrokerConnection } from '../../../../src/service/rabbitmq/broker-connection.ts';
import type { LockWatch } from '../../../../src/service/rabbitmq/turns/held-locks.ts';
import { takeTurn, turnQueueName } from '../../../../src/service/rabbitmq/turns/take-turn.ts';
import { rabbitmqUrl, uniqueName } from '../../services.ts';
import { type BrokerProxy, standBefore } from '../broker-proxy.ts';

const { signal } = new AbortController();
const connections: BrokerConnection[] = [];
let proxy: BrokerProxy;

beforeEach(async () => {
  proxy = await standBefore(rabbitmqUrl);
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map(connection => connection.close()));
  proxy.close();
});

function open(url: string, locks: LockWatch = {}): BrokerConnection {
  const connection = new BrokerConnection(url, 'broker-turns.test', { locks });
  connections.push(connection);
  return connection;
}

/** A connection that holds the turn of a queue, and what was heard of it. */
async function holder(queue: string, watch: LockWatch = {}) {
  const heard: string[] = [];
  let wake = () => {};
  const connection = open(proxy.url, {
    ...watch,
    onLost: queues => heard.push(`lost ${queues}`),
    onRetaken(queues) {
      heard.push(`retaken ${queues}`);
      wake();
    },
    onGone({ code }) {
      heard.push(code);
      wake();
    },
  });
  await takeTurn(connection, [queue], { signal });
  const settled = new Promise<void>(resolve => {
    wake = resolve;
  });
  return { connection, heard, settled };
}

const isFree = (queue: string) => open(rabbitmqUrl).takeLock(turnQueueName(queue), queue);

test('a turn is taken again at once when its connection was lost, although nobody needs the broker', async () => {
  const queue = uniqueName();
  const { heard, settled } = await holder(queue);
  proxy.cut();
  await settled;
  expect(heard).toEqual([`lost ${queue}`, `retaken ${queue}`]);
  expect(await isFree(queue)).toBe(false);
});

test('nothing goes over a new connection before the turn is taken again', async () => {
  const queue = uniqueName();
  const { connection, heard } = await holder(queue);
  proxy.cut();
  const asked = connection.checkQueue(queue).then(() => heard.push('asked'));
  await asked;
  expect(heard).toEqual([`lost ${queue}`, `retaken ${queue}`, 'asked']);
});

test('a turn that somebody else has taken meanwhile is lost, and nothing goes on', async () => {
  const queue = uniqueName();
  const { connection, heard, settled } = await holder(queue);
  proxy.refuse();
  proxy.cut();
  while (!(await isFree(queue)));
  proxy.thaw();
  await settled;
  expect(heard).toEqual([`lost ${queue}`, 'TURN_LOST']);
  await expect(connection.checkQueue(queue)).rejects.toMatchObject({ code: 'TURN_LOST' });
});

test('a turn that somebody else has had meanwhile is lost too', async () => {
  const queue = uniqueName();
  const { heard, settled } = await holder(queue, { isOurs: () => false });
  proxy.cut();
  await settled;
  expect(heard).toEqual([`lost ${queue}`, 'TURN_LOST']);
  while (!(await isFree(queue)));
});

test('a turn that was released is not taken again', async () => {
  const queue = uniqueName();
  const { connection, heard } = await holder(queue);
  await connection.releaseLock(turnQueueName(queue));
  proxy.cut();
  await connection.checkQueue(queue);
  expect(heard).toEqual([]);
  expect(await isFree(queue)).toBe(true);
});

test('a closed connection takes no turn again', async () => {
  const queue = uniqueName();
  const { connection, heard } = await holder(queue);
  proxy.refuse();
  proxy.cut();
  while (heard.length === 0) await new Promise(setImmediate);
  await connection.close();
  proxy.thaw();
  while (!(await isFree(queue)));
  expect(heard).toEqual([`lost ${queue}`]);
});

test('takeTurn() leaves a free turn for a moment to a holder who only lost its connection', async () => {
  const queue = uniqueName();
  let isClaimed = true;
  const seen: string[] = [];
  const taking = takeTurn(open(rabbitmqUrl), [queue], {
    signal,
    isClaimed: () => isClaimed,
    onWait: () => seen.push('waits'),
    onTaken: () => seen.push('taken'),
  });
  while (seen.length === 0) await new Promise(setImmediate);
  const { connection } = await holder(queue);
  isClaimed = false;
  expect(seen).toEqual(['waits']);
  await connection.close();
  await taking;
  expect(seen).toEqual(['waits', 'taken']);
});

test('takeTurn() goes on waiting when the connection of the one who waits is lost', async () => {
  const queue = uniqueName();
  const first = open(rabbitmqUrl);
  await takeTurn(first, [queue], { signal });
  const seen: string[] = [];
  const taking = takeTurn(open(proxy.url), [queue], { signal, onWait: () => seen.push('waits') });
  while (seen.length === 0) await new Promise(setImmediate);
  proxy.cut();
  await first.close();
  await taking;
});
