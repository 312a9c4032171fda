import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Outbox } from '../../../src/supervisor/process/outbox.ts';
import type { SupervisorFrame } from '../../../src/supervisor/protocol.ts';
import { readUntil, socketPair } from './socket-pair.ts';

const many = 20_000;
const why = (index: number) => `${index} ${'x'.repeat(100)}`;
const isPush = (frame: SupervisorFrame, text: string) =>
  'push' in frame && 'why' in frame.push && frame.push.why === text;

/** The client reads nothing; Node hands over to the kernel what it takes. */
async function fill(outbox: Outbox, server: Socket): Promise<void> {
  for (let index = 0; index < many; index += 1) {
    outbox.push({ kind: 'ending', why: why(index) });
    if (index % 100 === 0) await new Promise(setImmediate);
  }
  expect(server.writableLength).toBeGreaterThan(64 * 1024);
  expect(server.writableLength).toBeLessThan(66 * 1024);
}

test('pushes to a client that does not read are bounded; it gets the latest of each kind when it reads again', async () => {
  const { client, server } = await socketPair();
  const outbox = new Outbox(server);
  await fill(outbox, server);
  outbox.push({ kind: 'refused', why: 'last' });
  const frames = await readUntil<SupervisorFrame>(client, frame => isPush(frame, 'last'));
  expect(frames.length).toBeLessThan(many / 2);
  expect(isPush(frames.at(-2) as SupervisorFrame, why(many - 1))).toBe(true);
  expect(isPush(frames[0] as SupervisorFrame, why(0))).toBe(true);
});

test('after that, pushes come one by one again', async () => {
  const { client, server } = await socketPair();
  const outbox = new Outbox(server);
  await fill(outbox, server);
  await readUntil<SupervisorFrame>(client, frame => isPush(frame, why(many - 1)));
  for (const text of ['a', 'b', 'c']) outbox.push({ kind: 'ending', why: text });
  const frames = await readUntil<SupervisorFrame>(client, frame => isPush(frame, 'c'));
  expect(frames).toHaveLength(3);
});

test('a line of a worker is never left out, and who sends it can see that the client does not read', async () => {
  const { client, server } = await socketPair();
  const outbox = new Outbox(server);
  expect(outbox.isFull).toBe(false);
  await fill(outbox, server);
  expect(outbox.isFull).toBe(true);
  for (const text of ['a', 'b', 'c']) outbox.push({ kind: 'echo', text });
  const frames = await readUntil<SupervisorFrame>(client, frame => isPush(frame, why(many - 1)));
  const echoed = frames.flatMap(frame =>
    'push' in frame && frame.push.kind === 'echo' ? frame.push.text : [],
  );
  expect(echoed).toEqual(['a', 'b', 'c']);
});

test('an answer is never left out, and a client that does not read is not read from', async () => {
  const { client, server } = await socketPair();
  const outbox = new Outbox(server);
  server.on('data', () => {});
  await fill(outbox, server);
  outbox.answer(1, { kind: 'pong' });
  expect(server.isPaused()).toBe(true);
  const frames = await readUntil<SupervisorFrame>(client, frame => isPush(frame, why(many - 1)));
  expect(frames).toContainEqual({ id: 1, answer: { kind: 'pong' } });
  expect(server.isPaused()).toBe(false);
});

test('what is said to a client that is gone is lost, quietly', async () => {
  const { client, server } = await socketPair();
  const outbox = new Outbox(server);
  server.on('error', () => {}).resume();
  client.destroy();
  await once(server, 'close');
  outbox.push({ kind: 'ending', why: 'late' });
  outbox.answer(1, { kind: 'pong' });
});
