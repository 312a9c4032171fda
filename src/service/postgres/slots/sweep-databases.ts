import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotOwner } from '../../slot.ts';
import { isKnownDead, readSlotDescription, slotName } from '../../slot-owner.ts';
import { lockKey, type Maintenance } from './maintenance.ts';

/** An owner that lost its session for a moment has another one by then. */
const secondLookMs = 30_000;

interface FoundDatabase {
  readonly name: string;
  readonly comment: string | null;
  readonly sessions: number;
}

export interface SweepTerms {
  readonly drop: (name: string) => Promise<void>;
  /** Default 30 000. */
  readonly lookAgainMs?: number;
}

/** Drops what owners that are gone left: at once, before it resolves, those of this machine, others when nothing of them is seen twice. */
export async function sweepDatabases(
  maintenance: Maintenance,
  owner: SlotOwner,
  terms: SweepTerms,
): Promise<void> {
  const abandoned = await listAbandoned(maintenance, owner);
  const [dead, unknown] = [abandoned.filter(isOfDead), abandoned.filter(database => !isOfDead(database))];
  await Promise.allSettled(dead.map(({ name }) => terms.drop(name)));
  const idle = unknown.filter(({ sessions }) => sessions === 0);
  if (idle.length > 0) lookAgain(maintenance, owner, { ...terms, idle }).catch(() => {});
}

async function lookAgain(
  maintenance: Maintenance,
  owner: SlotOwner,
  { idle, drop, lookAgainMs = secondLookMs }: SweepTerms & { readonly idle: readonly FoundDatabase[] },
): Promise<void> {
  await sleep(lookAgainMs, undefined, { ref: false });
  const still = (await listAbandoned(maintenance, owner)).filter(({ sessions }) => sessions === 0);
  const gone = still.filter(({ name }) => idle.some(one => one.name === name));
  await Promise.allSettled(gone.map(({ name }) => drop(name)));
}

/** Databases with a name of ours whose owner holds no lock. */
async function listAbandoned(maintenance: Maintenance, owner: SlotOwner): Promise<readonly FoundDatabase[]> {
  const found = await maintenance.query<FoundDatabase>(
    `select d.datname as name, shobj_description(d.oid, 'pg_database') as comment,
       (select count(*) from pg_stat_activity a where a.datid = d.oid)::int as sessions
       from pg_database d where d.datname ~ '^lw_[0-9a-f]{12}_[0-9]+$' and d.datname not like $1`,
    [`lw\\_${owner.hex}\\_%`],
  );
  const keys = new Map(found.map(({ name }) => [hexOf(name), lockKey(hexOf(name))]));
  const held = await maintenance.query<{ key: string }>(
    `select ((classid::bigint << 32) | objid::bigint)::text as key from pg_locks
       where locktype = 'advisory' and objsubid = 1 and granted`,
  );
  const alive = new Set(held.map(({ key }) => key));
  return found.filter(({ name, comment }) => !alive.has(keys.get(hexOf(name)) ?? '') && !isKept(comment));
}

function isOfDead({ comment }: FoundDatabase): boolean {
  const said = readSlotDescription(comment);
  return said !== undefined && isKnownDead(said);
}

function isKept(comment: string | null): boolean {
  return readSlotDescription(comment)?.kept !== undefined;
}

function hexOf(name: string): string {
  return slotName.exec(name)?.[1] ?? '';
}
