import { connect } from 'amqplib';
import type { ProbeAnswer } from '../../../src/probe/probe.ts';
import { untilReady } from '../../../src/probe/until-ready.ts';
import { BrokerConnection } from '../../../src/service/rabbitmq/broker-connection.ts';
import { brokerAnswersProbe, rabbitmqProbe } from '../../../src/service/rabbitmq/rabbitmq-probe.ts';
import { takeTurn } from '../../../src/service/rabbitmq/turns/take-turn.ts';
import { type ManagedRabbitmq, managedRabbitmq } from '../../services/managed-rabbitmq.ts';
import { rabbitmqUrl, uniqueName } from '../services.ts';
import { standBefore } from './broker-proxy.ts';

const { signal } = new AbortController();
const name = uniqueName();
const connections: BrokerConnection[] = [];
let broker: ManagedRabbitmq;
let url: string;
const permit = (configure: string) =>
  broker.set(`permissions/${name}/${name}`, { configure, write: '.*', read: '.*' });

beforeAll(async () => {
  broker = await managedRabbitmq();
  url = await broker.own(name);
}, 120_000);
beforeEach(() => permit('.*'));
afterEach(async () => {
  await Promise.all(connections.splice(0).map(connection => connection.close()));
});
afterAll(() => broker.stop());

function open(to = url): BrokerConnection {
  const connection = new BrokerConnection(to, 'broker-limits.test');
  connections.push(connection);
  return connection;
}

test.each([
  ['user', 'user-limits'],
  ['vhost', 'vhost-limits'],
])('the limit of connections of a %s is named as one, and waited for', async (kind, limits) => {
  await broker.set(`${limits}/${name}/max-connections`, { value: 1 });
  const holder = await connect(url, { noDelay: true });
  try {
    const answers: string[] = [];
    const outcome = await untilReady([brokerAnswersProbe(open())], {
      signal,
      onAnswer(_probe, answer) {
        answers.push(answer.kind === 'pending' ? answer.why : answer.kind);
        if (answers.length === 2) void holder.close();
      },
    });
    expect(outcome).toEqual({ kind: 'ready' });
    const { host } = new URL(url);
    const why = `RabbitMQ at ${host} has as many connections as the limit of ${kind} "${name}" allows (max-connections 1, 530)`;
    expect(answers.slice(0, 2)).toEqual([why, why]);
    expect(answers.at(-1)).toBe('ready');
  } finally {
    await broker.set(`${limits}/${name}/max-connections`, undefined);
  }
});

test('a user without permission on the vhost is told from a vhost that is missing', async () => {
  await broker.set(`permissions/${name}/${name}`, undefined);
  const answer = await brokerAnswersProbe(open()).check(signal);
  expect(answer).toMatchObject({
    kind: 'fatal',
    why: expect.stringMatching(/\(530\): the user has no permission on it$/),
  });
});

test('takeTurn() says which permission it needs, and what to do without', async () => {
  await permit('^jobs$');
  await expect(takeTurn(open(), ['jobs'], { signal })).rejects.toMatchObject({
    code: 'TURN_REFUSED',
    message: [
      `Cannot take the turn on queue "jobs": user "${name}" has no configure permission on "live-worker.turn.jobs" in vhost "${name}" (403)`,
      `change: grant it: rabbitmqctl set_permissions -p ${name} ${name} '^live-worker\\.|CONFIGURE' 'WRITE' 'READ', with the three`,
      `        patterns that rabbitmqctl list_user_permissions ${name} shows now; or set share: true on the probe, and let no two`,
      '        files use the queue at once',
    ].join('\n'),
  });
});

test('takeTurn() is content with the permission it names', async () => {
  await permit('^live-worker\\.|^jobs$');
  await takeTurn(open(), ['jobs'], { signal });
});

test('a broker two seconds away each way is slow, and is waited for', async () => {
  const proxy = await standBefore(rabbitmqUrl, { delayMs: 2_000 });
  const queue = uniqueName();
  const near = await connect(rabbitmqUrl, { noDelay: true });
  try {
    const channel = await near.createChannel();
    await channel.assertQueue(queue, { durable: false, autoDelete: true });
    await channel.consume(queue, () => {});
    const connection = open(proxy.url);
    const said = new Set<string>();
    const onAnswer = (_: unknown, answer: ProbeAnswer) =>
      void said.add('why' in answer ? answer.why : answer.kind);
    const probes = [
      brokerAnswersProbe(connection),
      rabbitmqProbe({ queues: [queue], consumers: 1 }, connection, () => 0),
    ];
    for (const probe of probes)
      expect(await untilReady([probe], { signal, onAnswer })).toEqual({ kind: 'ready' });
    await takeTurn(connection, [queue], { signal });
    expect([...said].filter(why => !/has not answered for \d+ s: is it slow, frozen/.test(why))).toEqual([
      'ready',
    ]);
  } finally {
    await near.close();
    proxy.close();
  }
}, 60_000);
