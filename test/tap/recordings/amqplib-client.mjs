// One connection of amqplib that does everything the tap reads. Ends by itself.
import amqplib from 'amqplib';

const queue = 'tap-recording';
const broker = await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true });
const channel = await broker.createConfirmChannel();
await channel.assertQueue(queue, { durable: false, autoDelete: true, arguments: { 'x-max-length': 100 } });
await channel.prefetch(10);
const taken = [];
const { consumerTag } = await channel.consume(queue, message => {
  taken.push(message);
  if (taken.length === 3) channel.ack(message, true);
  if (taken.length === 4) channel.nack(message, false, true);
  if (taken.length === 5) channel.reject(message, false);
  if (taken.length === 5) void finish();
});
for (const text of ['one', 'two', 'x'.repeat(300), 'four'])
  channel.publish('', queue, Buffer.from(text), {
    headers: { nested: { list: [1, 'a', null] } },
    messageId: text.slice(0, 9),
  });

async function finish() {
  await channel.waitForConfirms();
  channel.publish('', 'tap-recording-nowhere', Buffer.from('lost'), { mandatory: true });
  await channel.waitForConfirms();
  channel.publish('', queue, Buffer.from('five'));
  await channel.cancel(consumerTag);
  await channel.assertQueue('tap-recording-2', { exclusive: true });
  channel.publish('', 'tap-recording-2', Buffer.from('six'));
  await channel.waitForConfirms();
  const got = await channel.get('tap-recording-2');
  channel.ack(got);
  await channel.get('tap-recording-2');
  const refused = await broker.createChannel();
  refused.on('error', () => {});
  await refused.checkQueue('tap-recording-missing').catch(() => {});
  await channel.close();
  await broker.close();
}
