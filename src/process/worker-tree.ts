import { type ProcessEntry, type ProcessIdentity, readProcessEntry } from './process-identity.ts';
import { readProcessTable, startedWith, writesTo } from './process-table.ts';

/** What tells the processes of one launch from everybody else's. */
export interface WorkerMark {
  readonly id: string;
  /** Undefined while nobody knows it: then the cookie and the logs must do. */
  readonly leader: ProcessIdentity | undefined;
  readonly logPaths: readonly string[];
}

/**
 * Every living process of a launch: those in the leader's group or session, those that carry its cookie in their
 * environment, those that write to its logs, and the descendants of all of them. Undefined where there is no /proc.
 */
export function findWorkerTree(mark: WorkerMark): ProcessEntry[] | undefined {
  const table = readProcessTable()?.filter(entry => entry.state !== 'Z' && entry.state !== 'X');
  if (!table) return undefined;
  const spared = ancestorsOf(process.pid, table);
  const members = new Map<number, ProcessEntry>();
  for (const entry of table) {
    if (!spared.has(entry.pid) && isMarked(entry, mark)) members.set(entry.pid, entry);
  }
  for (let before = -1; before < members.size; ) {
    before = members.size;
    for (const entry of table) if (members.has(entry.parent)) members.set(entry.pid, entry);
  }
  return [...members.values()];
}

/** Members whose parent is none: the leader, and whoever a wrapper left behind. */
export function topmost(members: readonly ProcessEntry[]): ProcessEntry[] {
  const pids = new Set(members.map(member => member.pid));
  return members.filter(member => !pids.has(member.parent));
}

function isMarked(entry: ProcessEntry, { id, leader, logPaths }: WorkerMark): boolean {
  if (leader?.startTime !== undefined && entry.startTime < leader.startTime) return false;
  if (leader && entry.pid === leader.pid) return entry.startTime === leader.startTime;
  if (leader && isAround(leader, entry) && isNumberStillOurs(leader)) return true;
  return startedWith(entry.pid, 'LIVE_WORKER_ID', id) || writesTo(entry.pid, logPaths);
}

function isAround(leader: ProcessIdentity, entry: ProcessEntry): boolean {
  return entry.group === leader.pid || entry.session === leader.pid;
}

/** The kernel gives a number to nobody while it still names a group or session, but a new process may have it afterwards. */
function isNumberStillOurs(leader: ProcessIdentity): boolean {
  const holder = readProcessEntry(leader.pid);
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
