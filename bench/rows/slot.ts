import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { DatabaseSlots } from '../../src/service/postgres/slots/database-slots.ts';
import { VhostSlots } from '../../src/service/rabbitmq/slots/vhost-slots.ts';
import type { SlotPlaceOrder, SlotServer } from '../../src/service/slot.ts';
import { createSlotOwner } from '../../src/service/slot-owner.ts';
import { type Measured, measureInTurn, type Row } from '../row.ts';

const databaseUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const brokerUrl = process.env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

export const slot: Row = {
  name: 'slot',
  what: 'a database and a vhost for one test file, made and dropped again, against the bare commands',
  unit: 'ms',
  measure: async ({ rounds }) => {
    const [ours, bare] = [openOurs(), await openBare()];
    try {
      await ours.makeAndDrop();
      await bare.makeAndDrop();
      return await measureBoth(ours, bare, rounds);
    } finally {
      await ours.close();
      await bare.close();
    }
  },
};

interface Maker {
  makeAndDrop(): Promise<void>;
  close(): Promise<void>;
}

function measureBoth(ours: Maker, bare: Maker, rounds: number): Promise<readonly Measured[]> {
  const contenders = [
    { name: 'jest-environment-live-worker', maker: ours },
    { name: 'CREATE DATABASE and rabbitmqctl eval', maker: bare },
  ];
  return measureInTurn(contenders, rounds, async ({ maker }) => {
    const startedAt = performance.now();
    await maker.makeAndDrop();
    return performance.now() - startedAt;
  });
}

function openOurs(): Maker {
  const owner = createSlotOwner();
  let number = 0;
  const nextName = () => {
    number += 1;
    return `lw_${owner.hex}_${number}`;
  };
  const shared = {
    options: {},
    rootDir: __dirname,
    env: process.env,
    owner,
    stopping: new AbortController().signal,
    nextName,
  };
  const servers: readonly (readonly [SlotServer, string])[] = [
    [new DatabaseSlots({ ...shared, url: databaseUrl }), databaseUrl],
    [new VhostSlots({ ...shared, url: brokerUrl }), brokerUrl],
  ];
  return {
    async makeAndDrop() {
      const name = nextName();
      await Promise.all(servers.map(([server, url]) => server.create(name, orderFor(url))));
      await Promise.all(servers.map(([server]) => server.drop(name)));
    },
    async close() {
      await Promise.all(servers.map(([server]) => server.close()));
    },
  };
}

function orderFor(url: string): SlotPlaceOrder {
  return { urls: [url], connections: 1, surroundings: { env: {}, cwd: '/' }, env: {}, notice() {} };
}

async function openBare(): Promise<Maker> {
  const base = new URL(databaseUrl).pathname.slice(1);
  const client = new Client({
    connectionString: Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href,
  });
  await client.connect();
  const template = `lw_bench_${randomBytes(4).toString('hex')}`;
  await client.query(`create database ${template} template ${base}`);
  const evaluate = (expression: string) =>
    promisify(execFile)('rabbitmqctl', ['--quiet', 'eval', `${expression}.`]);
  const bytes = (text: string) => `<<${[...Buffer.from(text)].join(',')}>>`;
  const user = bytes(decodeURIComponent(new URL(brokerUrl).username) || 'guest');
  const all = bytes('.*');
  return {
    async makeAndDrop() {
      const name = `${template}_1`;
      await Promise.all([
        client.query(`create database ${name} template ${template}`),
        evaluate(
          `rabbit_vhost:add(${bytes(name)}, ${user}), rabbit_auth_backend_internal:set_permissions(${user}, ${bytes(name)}, ${all}, ${all}, ${all}, ${user})`,
        ),
      ]);
      await Promise.all([
        client.query(`drop database ${name}`),
        evaluate(`rabbit_vhost:delete(${bytes(name)}, ${user})`),
      ]);
    },
    async close() {
      await client.query(`drop database ${template}`);
      await client.end();
    },
  };
}
