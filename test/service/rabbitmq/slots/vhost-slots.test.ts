import { connect } from 'amqplib';
import { VhostSlots } from '../../../../src/service/rabbitmq/slots/vhost-slots.ts';
import type { SlotOwner, SlotPlaceOrder } from '../../../../src/service/slot.ts';
import { createSlotOwner } from '../../../../src/service/slot-owner.ts';
import { type ManagedRabbitmq, managedRabbitmq } from '../../../services/managed-rabbitmq.ts';

jest.setTimeout(120_000);

let broker: ManagedRabbitmq;
let number = 0;
const open: VhostSlots[] = [];

beforeAll(async () => {
  broker = await managedRabbitmq();
});
afterEach(async () => {
  for (const slots of open.splice(0)) await slots.close();
});
afterAll(() => broker.stop());

interface Terms {
  readonly url?: string;
  readonly owner?: SlotOwner;
  readonly managementUrl?: string;
}

function slotsOf({ url = broker.url, owner = createSlotOwner(), managementUrl = broker.api }: Terms = {}) {
  const slots = new VhostSlots({
    url,
    options: { managementUrl },
    rootDir: '/nowhere',
    env: process.env,
    owner,
    stopping: new AbortController().signal,
    nextName: () => '',
  });
  open.push(slots);
  const order: SlotPlaceOrder = {
    urls: [url],
    connections: 1,
    surroundings: { env: {}, cwd: '/' },
    env: {},
    notice() {},
  };
  number += 1;
  const name = `lw_${owner.hex}_${number}`;
  return { slots, name, order, create: () => slots.create(name, order) };
}

async function canUse(name: string, url = broker.url): Promise<boolean> {
  const target = Object.assign(new URL(url), { pathname: `/${name}` });
  try {
    await (await connect(target.href, { noDelay: true })).close();
    return true;
  } catch {
    return false;
  }
}

test('a vhost is made by the management API for the user of the URL, and dropped', async () => {
  const { slots, name, create } = slotsOf();
  await create();
  expect(await canUse(name)).toBe(true);
  await slots.drop(name);
  expect(await canUse(name)).toBe(false);
  await slots.drop(name);
});

test('a user without the tag is told it, and what rabbitmqctl speaks to', async () => {
  const url = await broker.own('somebody');
  const { create } = slotsOf({ url });
  await expect(create()).rejects.toMatchObject({
    code: 'SLOT_UNAVAILABLE',
    message: expect.stringMatching(
      /user "somebody", who has not the tag administrator; rabbitmqctl [\s\S]*change: rabbitmqctl set_user_tags somebody administrator/,
    ),
  });
});

test('a user who may declare nothing is told the permission', async () => {
  const url = await broker.own('nobody');
  await broker.set('permissions/nobody/nobody', { configure: '', write: '.*', read: '.*' });
  await expect(slotsOf({ url }).create()).rejects.toMatchObject({
    code: 'SLOT_UNAVAILABLE',
    message: expect.stringMatching(
      /may not declare queue "live-worker\.owner\.[\s\S]*set_permissions -p nobody nobody/,
    ),
  });
});

test('what a dead process of this machine left goes, but not what another one holds, or a person is to see', async () => {
  const dead = () => ({ ...createSlotOwner(), pid: 2 ** 22 - 1, startTime: 1 });
  const [left, kept, held, mine] = [
    slotsOf({ owner: dead() }),
    slotsOf({ owner: dead() }),
    slotsOf({ owner: dead() }),
    slotsOf(),
  ];
  for (const one of [left, kept, held, mine]) await one.create();
  await kept.slots.keep(kept.name);
  // Their connections end, and with them their queues; that of `held` stays.
  await Promise.all([left.slots.close(), kept.slots.close()]);
  await mine.slots.sweep();
  expect(await canUse(left.name)).toBe(false);
  for (const { name } of [kept, held, mine]) expect(await canUse(name)).toBe(true);
});
