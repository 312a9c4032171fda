import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotOwner } from '../../slot.ts';
import { isKnownDead, readSlotDescription, slotName } from '../../slot-owner.ts';
import { BrokerConnection, type QueueAnswer } from '../broker-connection.ts';
import { withVhost } from './move-vhost.ts';
import { keptQueue, ownerQueue } from './slot-queues.ts';
import type { ListedVhost, VhostAdmin } from './vhost-admin.ts';

/** An owner that lost its connection for a moment has another one by then. */
const secondLookMs = 30_000;

export interface SweepTerms {
  /** Of any vhost of the broker. */
  readonly url: string;
  readonly owner: SlotOwner;
}

/** Drops what owners that are gone left: at once, before it resolves, those of this machine, others when nothing of them is seen twice. */
export async function sweepVhosts(admin: VhostAdmin, terms: SweepTerms): Promise<void> {
  const abandoned = await listAbandoned(admin, terms);
  const dead = abandoned.filter(isOfDead);
  await Promise.allSettled(dead.map(({ name }) => admin.drop(name)));
  const idle = abandoned.filter(vhost => !dead.includes(vhost) && vhost.connections === 0);
  if (idle.length > 0) lookAgain(admin, terms, idle).catch(() => {});
}

async function lookAgain(admin: VhostAdmin, terms: SweepTerms, idle: readonly ListedVhost[]): Promise<void> {
  await sleep(secondLookMs, undefined, { ref: false });
  const still = (await listAbandoned(admin, terms)).filter(({ connections }) => connections === 0);
  const gone = still.filter(({ name }) => idle.some(one => one.name === name));
  await Promise.allSettled(gone.map(({ name }) => admin.drop(name)));
}

/** Vhosts of ours whose owner has no queue any more, and that nobody is to keep. What cannot be seen is left alone. */
async function listAbandoned(admin: VhostAdmin, { url, owner }: SweepTerms): Promise<readonly ListedVhost[]> {
  const found = (await admin.list()).filter(({ name }) => {
    const hex = slotName.exec(name)?.[1];
    return hex !== undefined && hex !== owner.hex;
  });
  const abandoned: ListedVhost[] = [];
  for (const vhost of found) {
    const said = readSlotDescription(vhost.description);
    if (typeof said?.vhost !== 'string') continue;
    const there = await lookFor(withVhost(url, said.vhost), ownerQueue(said.hex));
    if (there !== 'missing') continue;
    if ((await lookFor(withVhost(url, vhost.name), keptQueue)) === 'missing') abandoned.push(vhost);
  }
  return abandoned;
}

function isOfDead({ description }: ListedVhost): boolean {
  const said = readSlotDescription(description);
  return said !== undefined && isKnownDead(said);
}

async function lookFor(url: string, queue: string): Promise<QueueAnswer['kind'] | 'unknown'> {
  const connection = new BrokerConnection(url, 'live-worker slots');
  try {
    return (await connection.checkQueue(queue)).kind;
  } catch {
    return 'unknown';
  } finally {
    await connection.close();
  }
}
