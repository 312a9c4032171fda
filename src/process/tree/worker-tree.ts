import type { FileIdentity } from '../../files/file-identity.ts';
import type { ProcessEntry, ProcessIdentity } from '../table/process-entry.ts';
import type { ProcessReader } from '../table/process-reader.ts';
import { selectProcessReader } from '../table/select-process-reader.ts';
import { limitMarkOf } from './limit-mark.ts';

/** What tells the processes of one launch from all others. */
export interface WorkerMark {
  readonly id: string;
  /** Undefined while it is unknown: then the cookie and the logs must do. */
  readonly leader: ProcessIdentity | undefined;
  readonly logPaths: readonly string[];
  /** The same by what they are: a log may be renamed, and its folder too. */
  readonly logFiles?: readonly FileIdentity[];
  /** Start times by pid of those that the last scan found: some lose every mark when their parent ends. */
  readonly known?: Map<number, number>;
}

/**
 * Every living process of a launch: those in the leader's group or session, those that carry its cookie in their
 * environment or its number in their limits, those that write to its logs, those that were found before, and the descendants
 * of all of them. Undefined where there is neither /proc nor ps(1).
 */
export function findWorkerTree(
  mark: WorkerMark,
  reader: ProcessReader = selectProcessReader(),
): ProcessEntry[] | undefined {
  const all = reader.list();
  if (!all) return undefined;
  const isOurs = ownership(mark, all, reader);
  const table = all.filter(entry => entry.state !== 'Z' && entry.state !== 'X');
  const spared = ancestorsOf(process.pid, table);
  const members = new Map<number, ProcessEntry>();
  for (const entry of table) {
    if (!spared.has(entry.pid) && isOurs(entry)) members.set(entry.pid, entry);
  }
  for (let before = -1; before < members.size; ) {
    before = members.size;
    for (const entry of table) if (members.has(entry.parent)) members.set(entry.pid, entry);
  }
  remember(mark, members);
  return [...members.values()];
}

function remember({ known }: WorkerMark, members: ReadonlyMap<number, ProcessEntry>): void {
  known?.clear();
  for (const { pid, startTime } of members.values()) known?.set(pid, startTime);
}

/** Members whose parent is none: the leader, and processes a wrapper left behind. */
export function topmost(members: readonly ProcessEntry[]): ProcessEntry[] {
  const pids = new Set(members.map(member => member.pid));
  return members.filter(member => !pids.has(member.parent));
}

function ownership(
  { id, leader, logPaths, logFiles = [], known }: WorkerMark,
  table: readonly ProcessEntry[],
  reader: ProcessReader,
): (entry: ProcessEntry) => boolean {
  const isGroupOurs = leader !== undefined && isNumberStillOurs(leader, table);
  const cookie = `\0LIVE_WORKER_ID=${id}\0`;
  const limit = limitMarkOf(id);
  return entry => {
    if (leader?.startTime !== undefined && entry.startTime < leader.startTime) return false;
    if (leader && entry.pid === leader.pid) return entry.startTime === leader.startTime;
    if (isGroupOurs && isAround(leader, entry)) return true;
    if (known?.get(entry.pid) === entry.startTime) return true;
    return (
      reader.environment(entry.pid).includes(cookie) ||
      reader.limitMark(entry.pid) === limit ||
      reader.writesTo(entry.pid, { paths: logPaths, files: logFiles })
    );
  };
}

function isAround(leader: ProcessIdentity, entry: ProcessEntry): boolean {
  return entry.group === leader.pid || entry.session === leader.pid;
}

/** The kernel gives a number to no process while it still names a group or session, but may give it to one afterwards. */
function isNumberStillOurs(leader: ProcessIdentity, table: readonly ProcessEntry[]): boolean {
  const holder = table.find(({ pid }) => pid === leader.pid);
  return holder === undefined || holder.startTime === leader.startTime;
}

function ancestorsOf(pid: number, table: readonly ProcessEntry[]): ReadonlySet<number> {
  const parents = new Map(table.map(entry => [entry.pid, entry.parent]));
  const ancestors = new Set<number>();
  for (
    let current: number | undefined = pid;
    current && !ancestors.has(current);
    current = parents.get(current)
  ) {
    ancestors.add(current);
  }
  return ancestors;
}
