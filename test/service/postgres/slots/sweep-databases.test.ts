import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { dropDatabase } from '../../../../src/service/postgres/slots/drop-database.ts';
import { lockKey, Maintenance } from '../../../../src/service/postgres/slots/maintenance.ts';
import { sweepDatabases } from '../../../../src/service/postgres/slots/sweep-databases.ts';
import type { SlotOwner } from '../../../../src/service/slot.ts';
import { createSlotOwner, describeSlot } from '../../../../src/service/slot-owner.ts';
import { databaseUrl } from '../../../end-to-end/harness/services.ts';

jest.setTimeout(60_000);

const owner = createSlotOwner();
let maintenance: Maintenance;
let number = 0;
const made: string[] = [];

beforeAll(() => {
  maintenance = new Maintenance({
    url: databaseUrl,
    owner,
    rootDir: '/nowhere',
    nextName: () => nameOf(owner),
  });
});
afterAll(async () => {
  for (const name of made) await maintenance.query(`drop database if exists ${name} with (force)`);
  await maintenance.close();
});

function nameOf({ hex }: SlotOwner): string {
  number += 1;
  return `lw_${hex}_${number}`;
}

const stranger = (rest: Partial<SlotOwner> = {}): SlotOwner => ({
  ...createSlotOwner(),
  hex: randomBytes(6).toString('hex'),
  space: { boot: 'of another machine', namespace: '' },
  ...rest,
});

async function make(of: SlotOwner, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const name = nameOf(of);
  made.push(name);
  await maintenance.query(`create database ${name} template template0`);
  await maintenance.query(
    `comment on database ${name} is '${describeSlot(of, { rootDir: '/nowhere', ...more })}'`,
  );
  return name;
}

const drop = (name: string) => dropDatabase(maintenance, name);

const isThere = async (name: string) =>
  (await maintenance.query('select 1 from pg_database where datname = $1', [name])).length > 0;

test('what a dead process of this machine left goes at once, but not what is kept or another one’s', async () => {
  const dead = { ...createSlotOwner(), hex: randomBytes(6).toString('hex'), pid: 2 ** 22 - 1, startTime: 1 };
  const left = await make(dead);
  const kept = await make(dead, { kept: 'now' });
  const living = await make(createSlotOwner());
  const elsewhere = await make(stranger());
  await sweepDatabases(maintenance, owner, { drop });
  expect({ left: await isThere(left), kept: await isThere(kept) }).toEqual({ left: false, kept: true });
  expect({ living: await isThere(living), elsewhere: await isThere(elsewhere) }).toEqual({
    living: true,
    elsewhere: true,
  });
});

test('what another machine left goes when it is seen twice without lock and session', async () => {
  const url = Object.assign(new URL(databaseUrl), { pathname: '/postgres' });
  const [gone, locked, used] = [stranger(), stranger(), stranger()];
  const names = { gone: await make(gone), locked: await make(locked), used: await make(used) };
  const lock = new Client({ connectionString: url.href });
  const session = new Client({ connectionString: Object.assign(url, { pathname: `/${names.used}` }).href });
  await Promise.all([lock.connect(), session.connect()]);
  try {
    await lock.query('select pg_advisory_lock_shared($1::bigint)', [lockKey(locked.hex)]);
    await sweepDatabases(maintenance, owner, { drop, lookAgainMs: 100 });
    expect(await isThere(names.gone)).toBe(true);
    while (await isThere(names.gone)) await sleep(10);
    expect(await isThere(names.locked)).toBe(true);
    expect(await isThere(names.used)).toBe(true);
  } finally {
    await Promise.all([lock.end(), session.end()]);
  }
});
