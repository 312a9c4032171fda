import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { BrokerConnection } from '../../../../src/service/rabbitmq/broker-connection.ts';
import { turnQueueName } from '../../../../src/service/rabbitmq/turns/take-turn.ts';
import { announceHolder, readHolder } from '../../../../src/service/rabbitmq/turns/turn-holder.ts';
import { rabbitmqUrl, uniqueName } from '../../services.ts';

const connections: BrokerConnection[] = [];

afterEach(async () => {
  await Promise.all(connections.splice(0).map(connection => connection.close()));
});

function openConnection(): BrokerConnection {
  const connection = new BrokerConnection(rabbitmqUrl, 'turn-holder.test');
  connections.push(connection);
  return connection;
}

/** As somebody who waits asks for it, a few times: what was just sent takes a moment. */
async function untilNoted(asker: BrokerConnection, lock: string, note: string): Promise<void> {
  let seen: string | undefined;
  for (let time = 1; seen === undefined && time <= 200; time += 1) {
    seen = await readHolder(asker, lock).catch(() => undefined);
    if (seen === undefined) await sleep(5);
  }
  expect(seen).toBe(note);
}

test('readHolder() reads what the holder announced, as often as it is asked', async () => {
  const lock = turnQueueName(uniqueName());
  await announceHolder(openConnection(), lock, 'it is me');
  for (const asker of [openConnection(), openConnection()])
    for (let time = 1; time <= 2; time += 1) await untilNoted(asker, lock, 'it is me');
});

test('announceHolder() replaces what an earlier holder left', async () => {
  const lock = turnQueueName(uniqueName());
  const earlier = openConnection();
  await announceHolder(earlier, lock, 'earlier');
  await announceHolder(openConnection(), lock, 'later');
  await earlier.close();
  await untilNoted(openConnection(), lock, 'later');
});

test('readHolder() throws where nobody announced anything, and the connection lives on', async () => {
  const asker = openConnection();
  const lock = turnQueueName(uniqueName());
  await expect(readHolder(asker, lock)).rejects.toMatchObject({ code: 404 });
  await announceHolder(openConnection(), lock, 'it is me');
  await untilNoted(asker, lock, 'it is me');
});

test('the note goes with the connection of its holder', async () => {
  const lock = turnQueueName(uniqueName());
  const holder = openConnection();
  await announceHolder(holder, lock, 'it is me');
  const model = await connect(rabbitmqUrl);
  expect(await isThere(model, lock)).toBe(true);
  await holder.close();
  let isLeft = true;
  for (let time = 1; isLeft && time <= 200; time += 1) isLeft = await isThere(model, lock);
  await model.close();
  expect(isLeft).toBe(false);
});

async function isThere(model: Awaited<ReturnType<typeof connect>>, lock: string): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  return channel.checkQueue(`live-worker.turn.holder-of.${lock}`).then(
    () => true,
    () => false,
  );
}
